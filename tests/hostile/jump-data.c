/* SPDX-License-Identifier: BSD-2-Clause */
/* jump-data.c - data is not executable: a page fault at the data's address. */
#include "guest-firmware/fw.h"

static unsigned char data_code[16] = {0xc3}; /* ret */

static void jump_data(void)
{
	void (*volatile fn)(void) = (void (*)(void))(uintptr_t)data_code;

	data_code[1] = 0x90;
	fn();
}

PAYLOAD("jump-data", jump_data, .summary = "calls its own data",
	.limit_ms = 2000);
