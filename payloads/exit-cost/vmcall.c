/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmcall.c - a hypercall that does nothing: the shortest deliberate exit.
 * VMCALL on Intel, VMMCALL on AMD; KVM would patch the wrong one.
 */
#include "guest-firmware/exit_cost.h"

static bool vmmcall;

static const char *skip(void)
{
	return pv_features() ? NULL : "needs KVM's hypercalls in CPUID";
}

static void setup(void)
{
	vmmcall = pv_has_vmmcall();
}

static inline void op(void)
{
	uint64_t nr = KVM_HC_VAPIC_POLL_IRQ;

	if (vmmcall)
		asm volatile("vmmcall" : "+a"(nr) : : "memory");
	else
		asm volatile("vmcall" : "+a"(nr) : : "memory");
}

EXIT_COST(vmcall, op, exit_cost_nothing, exit_cost_nothing, .skip = skip,
	  .setup = setup, .may_never_return = true);
