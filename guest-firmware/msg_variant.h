/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * msg_variant.h - the timer writes of a message, and which of them a variant
 * leaves out; no hardware, tested on the host.
 */
#ifndef FW_MSG_VARIANT_H
#define FW_MSG_VARIANT_H

#include <stdint.h>

/* The writes of one idle period, and how its interrupt ends. */
#define MSG_ENTRY_CANCEL (1u << 0)
#define MSG_ENTRY_START	 (1u << 1)
#define MSG_EXIT_CANCEL	 (1u << 2)
#define MSG_EXIT_START	 (1u << 3)
#define MSG_ALL_WRITES	 0xfu
#define MSG_COMPARE	 (1u << 4) /* a write only of what has changed */
#define MSG_EOI_REGISTER (1u << 5) /* no PV EOI for this one */

/* What is switched off; the first of a list is the base, with nothing. */
struct msg_variant {
	char name[24];	 /* its metric's */
	uint32_t out[2]; /* MSG_*: writes left out, on each side */
	uint32_t added;	 /* MSG_EOI_REGISTER, or nothing: on both */
};

#endif
