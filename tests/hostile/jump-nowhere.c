/* SPDX-License-Identifier: BSD-2-Clause */
/* jump-nowhere.c - code where nothing is mapped: a page fault at that rip. */
#include "guest-firmware/fw.h"

#define NOWHERE 0x10000ul

static void jump_nowhere(void)
{
	void (*volatile fn)(void) = (void (*)(void))NOWHERE;

	fn();
}

PAYLOAD("jump-nowhere", jump_nowhere, .summary = "calls an unmapped address",
	.limit_ms = 2000);
