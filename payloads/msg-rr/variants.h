/* SPDX-License-Identifier: BSD-2-Clause */
/* variants.h - the rows of msg-rr's ablation. */
#ifndef MSG_RR_VARIANTS_H
#define MSG_RR_VARIANTS_H

#include "guest-firmware/msg_variant.h"

/* The sides of a variant. */
enum {
	CLIENT,
	SERVER
};

static const struct msg_variant variants[] = {
	{"ablation_base", {0, 0}, 0},
	{"client_entry_cancel", {MSG_ENTRY_CANCEL, 0}, 0},
	{"client_entry_start", {MSG_ENTRY_START, 0}, 0},
	{"client_exit_cancel", {MSG_EXIT_CANCEL, 0}, 0},
	{"client_exit_start", {MSG_EXIT_START, 0}, 0},
	{"server_entry_cancel", {0, MSG_ENTRY_CANCEL}, 0},
	{"server_entry_start", {0, MSG_ENTRY_START}, 0},
	{"server_exit_cancel", {0, MSG_EXIT_CANCEL}, 0},
	{"server_exit_start", {0, MSG_EXIT_START}, 0},
	{"all_timer_writes", {MSG_ALL_WRITES, MSG_ALL_WRITES}, 0},
	{"pv_eoi", {0, 0}, MSG_EOI_REGISTER},
};

#endif
