/* SPDX-License-Identifier: BSD-2-Clause */
/* params.h - key=value against what a payload's note declares. */
#ifndef VMM_PAYLOAD_PARAMS_H
#define VMM_PAYLOAD_PARAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest-firmware/abi/payload.h"

struct param_setting {
	uint64_t lo, hi; /* hi: PARAM_RANGE, else equal to lo */
	bool given;	 /* by the user, not by default */
};

/* How many parameters the note has. */
unsigned int params_count(const struct payload_note *note);

/* The first parameter of a PARAM_ROLE_*: its index, -1: none. */
int params_find_role(const struct payload_note *note, uint32_t role);

/* The defaults, params_count() of them. */
void params_defaults(const struct payload_note *note,
		     struct param_setting *settings);

/*
 * Takes one "key=value".  NULL, or a sentence in error that names the
 * parameter, what was wanted and what was got.
 */
const char *params_set(const struct payload_note *note,
		       struct param_setting *settings, const char *assignment,
		       char *error, size_t len);

/* The index-th word of a PARAM_ENUM's choices into word; "?" if none. */
const char *param_choice(const struct param_desc *d, uint64_t index, char *word,
			 size_t len);

/* The unit that a parameter's name ends in: "us", ...; "" for a count. */
const char *param_unit(const struct param_desc *d);

/*
 * The longest that a run should take, from the note's limits and the
 * parameters' roles, in ms.  note: as note_check() leaves it.
 */
uint64_t params_limit_ms(const struct payload_note *note,
			 const struct param_setting *settings);

#endif
