/* SPDX-License-Identifier: BSD-2-Clause */
/* rd_tsc_adjust_msr.c - an MSR that KVM itself answers. */
#include "guest-firmware/exit_cost.h"

static const char *skip(void)
{
	/* Leaf 7, EBX bit 1: IA32_TSC_ADJUST, SDM vol 2A CPUID. */
	return cpuid(7, 0).ebx & 2 ? NULL : "this CPU has no IA32_TSC_ADJUST";
}

static inline void op(void)
{
	rdmsr(MSR_TSC_ADJUST);
}

/* Between the clock reads: rdmsr. */
EXIT_COST(rd_tsc_adjust_msr, op, exit_cost_nothing, exit_cost_nothing,
	  .skip = skip);
