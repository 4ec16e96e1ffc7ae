/* SPDX-License-Identifier: BSD-2-Clause */
/* exits_take.h - --exits, from a run to its result. */
#ifndef VMM_RESULT_EXITS_TAKE_H
#define VMM_RESULT_EXITS_TAKE_H

#include "vmm/result/ended.h"
#include "vmm/result/result.h"

/*
 * r->exits: the profile, with names and places, where exits were recorded; what
 * KVM and the vCPUs' threads counted.  Where none was recorded, a warning says
 * why.
 */
void result_exits(struct result *r, const struct ended_run *run);

/*
 * What an access was to, in words: "write IA32_TSC_DEADLINE (MSR 0x6e0)".
 * device: whose range it is; NULL: no device's.
 */
void exit_access_text(const struct exit_access *a, const char *device,
		      char text[EXITS_WHAT_LEN]);

#endif
