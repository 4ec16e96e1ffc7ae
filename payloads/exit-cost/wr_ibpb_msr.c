/* SPDX-License-Identifier: BSD-2-Clause */
/* wr_ibpb_msr.c - a barrier for the predictors of indirect branches. */
#include "guest-firmware/exit_cost.h"

#define PRED_CMD_IBPB 1ull /* SDM vol 4 2.1; a command: nothing is kept */

/* SDM vol 2A CPUID, leaf 7; APM vol 3 E.4.8, leaf 0x80000008. */
#define CPUID_EDX_IBRS_IBPB (1u << 26)
#define CPUID_EBX_AMD_IBPB  (1u << 12)

static const char *skip(void)
{
	if (!(cpuid(7, 0).edx & CPUID_EDX_IBRS_IBPB) &&
	    !(cpuid(0x80000008, 0).ebx & CPUID_EBX_AMD_IBPB))
		return "this CPU has no IBPB, by CPUID";
	return exit_cost_needs_write(MSR_PRED_CMD, PRED_CMD_IBPB);
}

static inline void op(void)
{
	wrmsr(MSR_PRED_CMD, PRED_CMD_IBPB);
}

/* Between the clock reads: wrmsr. */
EXIT_COST(wr_ibpb_msr, op, exit_cost_nothing, exit_cost_nothing, .skip = skip);
