/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console.h - text from the guest through shared memory, at LAYOUT_CONSOLE:
 * no exit and no system call on a vCPU's thread.
 *
 * The guest writes bytes, then head (release); the host reads head (acquire),
 * then bytes, then writes tail (release).  What does not fit is lost and
 * counted.
 */
#ifndef ABI_CONSOLE_H
#define ABI_CONSOLE_H

#include <stdint.h>

#include "guest-firmware/abi/layout.h"

#define CONSOLE_DATA_LEN 0x8000u /* a power of two */

struct console {
	uint64_t head; /* guest: bytes ever written */
	uint64_t lost; /* guest: bytes that did not fit */
	uint32_t lock; /* guest: one vCPU prints at a time */
	uint32_t pad[11];
	uint64_t tail; /* host: bytes ever read */
	uint64_t pad2[7];
	char data[CONSOLE_DATA_LEN];
};

_Static_assert(sizeof(struct console) <= LAYOUT_CONSOLE_LEN, "it fits");

#endif
