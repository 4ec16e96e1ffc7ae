/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmcall.c - a hypercall that does nothing: the shortest deliberate exit.
 * VMCALL on Intel, VMMCALL on AMD; KVM would patch the wrong one.
 */
#include "guest-firmware/exit_cost.h"

#define CPUID_KVM_BASE 0x40000000
#define KVM_EBX	       0x4b4d564b /* "KVMK" */
#define AMD_EBX	       0x68747541 /* "Auth"enticAMD */
#define HYGON_EBX      0x6f677948 /* "Hygo"nGenuine */
#define KVM_HC_VAPIC_POLL_IRQ                          \
	1 /* Documentation/virt/kvm/x86/hypercalls.rst \
	   */

static bool vmmcall;

static const char *skip(void)
{
	return cpuid(CPUID_KVM_BASE, 0).ebx == KVM_EBX
		       ? NULL
		       : "needs KVM's hypercalls in CPUID";
}

static void setup(void)
{
	uint32_t vendor = cpuid(0, 0).ebx;

	vmmcall = vendor == AMD_EBX || vendor == HYGON_EBX;
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
