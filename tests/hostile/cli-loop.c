/* SPDX-License-Identifier: BSD-2-Clause */
/* cli-loop.c - a loop with interrupts off is ended from outside: TIMEOUT. */
#include "guest-firmware/fw.h"

static void cli_loop(void)
{
	for (;;)
		asm volatile("" : : : "memory");
}

PAYLOAD("cli-loop", cli_loop, .summary = "loops for ever, interrupts off",
	.limit_ms = 2000);
