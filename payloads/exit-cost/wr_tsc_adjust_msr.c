/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wr_tsc_adjust_msr.c - IA32_TSC_ADJUST, of the value that it has: the TSC
 * stays as it is.
 */
#include "guest-firmware/exit_cost.h"

static const char *skip(void)
{
	/* Leaf 7, EBX bit 1: IA32_TSC_ADJUST, SDM vol 2A CPUID. */
	return cpuid(7, 0).ebx & 2 ? NULL : "this CPU has no IA32_TSC_ADJUST";
}

static void setup(void)
{
	me()->word = rdmsr(MSR_TSC_ADJUST);
}

static inline void op(void)
{
	wrmsr(MSR_TSC_ADJUST, me()->word);
}

/* Between the clock reads: wrmsr. */
EXIT_COST(wr_tsc_adjust_msr, op, exit_cost_nothing, exit_cost_nothing,
	  .skip = skip, .setup = setup);
