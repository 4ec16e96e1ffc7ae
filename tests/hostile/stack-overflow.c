/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stack-overflow.c - recursion into the guard page.  The page fault has no
 * stack left; the double fault has one of its own and is reported.
 */
#include "guest-firmware/fw.h"

static volatile uint64_t depth;

static __attribute__((noinline)) uint64_t descend(uint64_t n)
{
	volatile char frame[512];

	frame[0] = (char)n;
	depth = n;
	if (n == UINT64_MAX)
		return n;
	return descend(n + 1) + (uint64_t)frame[0];
}

static void stack_overflow(void)
{
	depth = descend(0);
}

PAYLOAD("stack-overflow", stack_overflow, .summary = "recurses for ever",
	.limit_ms = 2000);
