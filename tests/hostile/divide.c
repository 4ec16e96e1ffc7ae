/* SPDX-License-Identifier: BSD-2-Clause */
/* divide.c - a division by zero is reported as what it is. */
#include "guest-firmware/fw.h"

static void divide(void)
{
	uint32_t a = 1, d = 0;

	asm volatile("divl %2" : "+a"(a), "+d"(d) : "r"(0) : "cc");
}

PAYLOAD("divide", divide, .summary = "divides by zero", .limit_ms = 2000);
