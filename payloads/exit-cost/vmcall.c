/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmcall.c - a hypercall that does nothing: the shortest deliberate exit.
 * VMCALL on Intel, VMMCALL on AMD; KVM would patch the wrong one.
 */
#include "guest-firmware/exit_cost.h"

static bool vmmcall; /* vCPU 0 writes it before the others begin */

static const char *skip(void)
{
	vmmcall = pv_has_vmmcall();
	return pv_features() ? NULL : "needs KVM's hypercalls in CPUID";
}

static inline void op(void)
{
	uint64_t nr = KVM_HC_VAPIC_POLL_IRQ;

	if (vmmcall)
		asm volatile("vmmcall" : "+a"(nr) : : "memory");
	else
		asm volatile("vmcall" : "+a"(nr) : : "memory");
}

/* Between the clock reads: vmcall, vmmcall. */
EXIT_COST(vmcall, op, exit_cost_nothing, exit_cost_nothing, .skip = skip,
	  .may_never_return = true);
