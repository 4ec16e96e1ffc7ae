/* SPDX-License-Identifier: BSD-2-Clause */
/* cpuid.c - CPUID: always an exit, answered in the kernel. */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	cpuid(0, 0);
}

/* Between the clock reads: cpuid. */
EXIT_COST(cpuid, op, exit_cost_nothing, exit_cost_nothing);
