/* SPDX-License-Identifier: BSD-2-Clause */
/* variants.h - the rows of token-ring's ablation. */
#ifndef TOKEN_RING_VARIANTS_H
#define TOKEN_RING_VARIANTS_H

#include "guest-firmware/msg_variant.h"

/* On all vCPUs alike. */
static const struct msg_variant variants[] = {
	{"ablation_base", {0}, 0},
	{"entry_cancel", {MSG_ENTRY_CANCEL}, 0},
	{"entry_start", {MSG_ENTRY_START}, 0},
	{"exit_cancel", {MSG_EXIT_CANCEL}, 0},
	{"exit_start", {MSG_EXIT_START}, 0},
	{"all_timer_writes", {MSG_ALL_WRITES}, 0},
	{"pv_eoi", {0}, MSG_EOI_REGISTER},
};

#endif
