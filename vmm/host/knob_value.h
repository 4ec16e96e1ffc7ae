/* SPDX-License-Identifier: BSD-2-Clause */
/* knob_value.h - the values of files that knobs change (knob.h). */
#ifndef VMM_HOST_KNOB_VALUE_H
#define VMM_HOST_KNOB_VALUE_H

#include "vmm/host/knob.h"

/*
 * The value in a file's text, as it is written back; false: there is none, or
 * it is too long.
 */
bool knob_value_take(enum knob_kind kind, const char *text,
		     char value[KNOB_VALUE_LEN]);

/* Do both mean the same?  "f" and "0000000f" do. */
bool knob_value_same(enum knob_kind kind, const char *a, const char *b);

/*
 * A list or mask without the vCPUs' CPUs, or all others where that leaves none;
 * the same one where it has none of them.  False: it is no list or mask.
 */
bool knob_value_without(enum knob_kind kind, const struct check_host *h,
			const char *old, char value[KNOB_VALUE_LEN]);

#define KNOB_TEXT_LEN (CHECK_TEXT_LEN + KNOB_VALUE_LEN)

/*
 * What is written, so that the file has the value: to a machine's the command,
 * to a copy's the whole text.  old: the file's text now; "": it is new.
 */
void knob_value_text(enum knob_kind kind, bool is_machine, const char *old,
		     const char *value, char text[KNOB_TEXT_LEN]);

#endif
