/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wr_ibrs_msr.c - IBRS on and off again, as an older kernel does it on its way
 * in and out: two writes of IA32_SPEC_CTRL.
 */
#include "guest-firmware/exit_cost.h"

#define SPEC_CTRL_IBRS 1ull /* SDM vol 4 2.1 */

/* SDM vol 2A CPUID, leaf 7; APM vol 3 E.4.8, leaf 0x80000008. */
#define CPUID_EDX_IBRS_IBPB (1u << 26)
#define CPUID_EBX_AMD_IBRS  (1u << 14)

static const char *skip(void)
{
	if (!(cpuid(7, 0).edx & CPUID_EDX_IBRS_IBPB) &&
	    !(cpuid(0x80000008, 0).ebx & CPUID_EBX_AMD_IBRS))
		return "this CPU has no IBRS, by CPUID";
	return exit_cost_needs_write(MSR_SPEC_CTRL, rdmsr(MSR_SPEC_CTRL));
}

static void setup(void)
{
	me()->word = rdmsr(MSR_SPEC_CTRL);
}

static inline void op(void)
{
	wrmsr(MSR_SPEC_CTRL, SPEC_CTRL_IBRS);
	wrmsr(MSR_SPEC_CTRL, 0);
}

static void teardown(void)
{
	wrmsr(MSR_SPEC_CTRL, me()->word);
}

/* Between the clock reads: wrmsr. */
EXIT_COST(wr_ibrs_msr, op, exit_cost_nothing, exit_cost_nothing, .skip = skip,
	  .setup = setup, .teardown = teardown);
