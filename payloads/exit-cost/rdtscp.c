/* SPDX-License-Identifier: BSD-2-Clause */
/* rdtscp.c - RDTSCP as the thing measured: the other clock instruction. */
#include "guest-firmware/exit_cost.h"

#define CPUID_EDX_RDTSCP (1u << 27) /* leaf 0x80000001, SDM vol 2A CPUID */

static const char *skip(void)
{
	return cpuid(0x80000001, 0).edx & CPUID_EDX_RDTSCP
		       ? NULL
		       : "this CPU has no RDTSCP";
}

static inline void op(void)
{
	asm volatile("rdtscp" : : : "rax", "rcx", "rdx", "memory");
}

/* Between the clock reads: rdtscp. */
EXIT_COST(rdtscp, op, exit_cost_nothing, exit_cost_nothing, .skip = skip,
	  .may_never_return = true);
