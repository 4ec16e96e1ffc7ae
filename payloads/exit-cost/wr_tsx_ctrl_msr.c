/* SPDX-License-Identifier: BSD-2-Clause */
/* wr_tsx_ctrl_msr.c - IA32_TSX_CTRL, of the value that it has. */
#include "guest-firmware/exit_cost.h"

#define CPUID_EDX_ARCH_CAPS (1u << 29) /* leaf 7, SDM vol 2A CPUID */
#define ARCH_CAPS_TSX_CTRL  (1u << 7)  /* SDM vol 4 2.1 */

static const char *skip(void)
{
	uint64_t caps, value;

	if (!(cpuid(7, 0).edx & CPUID_EDX_ARCH_CAPS) ||
	    rdmsr_safe(MSR_ARCH_CAPS, &caps) != 0 ||
	    !(caps & ARCH_CAPS_TSX_CTRL))
		return "this CPU has no IA32_TSX_CTRL";
	if (rdmsr_safe(MSR_TSX_CTRL, &value) != 0)
		return "needs a KVM that lets it be read: it traps";
	return exit_cost_needs_write(MSR_TSX_CTRL, value);
}

static void setup(void)
{
	me()->word = rdmsr(MSR_TSX_CTRL);
}

static inline void op(void)
{
	wrmsr(MSR_TSX_CTRL, me()->word);
}

/* Between the clock reads: wrmsr. */
EXIT_COST(wr_tsx_ctrl_msr, op, exit_cost_nothing, exit_cost_nothing,
	  .skip = skip, .setup = setup);
