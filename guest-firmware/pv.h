/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pv.h - what KVM offers to a guest that knows it is one: features, MSRs and
 * hypercalls (Documentation/virt/kvm/x86/cpuid.rst, msr.rst, hypercalls.rst).
 */
#ifndef FW_PV_H
#define FW_PV_H

#include "guest-firmware/x86.h"

#define CPUID_KVM_BASE	   0x40000000
#define CPUID_KVM_FEATURES 0x40000001

#define KVM_FEATURE_PV_EOI	 (1u << 6)
#define KVM_FEATURE_PV_SEND_IPI	 (1u << 11)
#define KVM_FEATURE_POLL_CONTROL (1u << 12)

#define MSR_KVM_PV_EOI_EN    0x4b564d04
#define MSR_KVM_POLL_CONTROL 0x4b564d05

#define PV_EOI_ENABLED 1u /* bit 0 of that MSR, beside the address */

#define KVM_HC_VAPIC_POLL_IRQ 1
#define KVM_HC_SEND_IPI	      10

/* KVM_FEATURE_*; 0 under another hypervisor.  Two exits. */
static inline uint32_t pv_features(void)
{
	if (cpuid(CPUID_KVM_BASE, 0).ebx != 0x4b4d564b) /* "KVMK" */
		return 0;
	return cpuid(CPUID_KVM_FEATURES, 0).eax;
}

/* Does this processor have VMMCALL instead of VMCALL?  KVM would patch the
 * wrong one.  An exit. */
static inline bool pv_has_vmmcall(void)
{
	uint32_t vendor = cpuid(0, 0).ebx;

	return vendor == 0x68747541 /* "Auth"enticAMD */ ||
	       vendor == 0x6f677948 /* "Hygo"nGenuine */;
}

/*
 * Ends an interrupt by the flag that KVM shares: it sets bit 0 at an injection
 * that needs no EOI, the guest clears it.  False: this one needs the register.
 */
static inline bool pv_eoi(uint32_t *flag)
{
	bool set;

	asm volatile("btrl $0, %0" : "+m"(*flag), "=@ccc"(set) : : "memory");
	return set;
}

/* A hypercall with four arguments; its result. */
static inline uint64_t pv_hypercall(bool vmmcall, uint64_t nr, uint64_t a0,
				    uint64_t a1, uint64_t a2, uint64_t a3)
{
	if (vmmcall)
		asm volatile("vmmcall"
			     : "+a"(nr)
			     : "b"(a0), "c"(a1), "d"(a2), "S"(a3)
			     : "memory");
	else
		asm volatile("vmcall"
			     : "+a"(nr)
			     : "b"(a0), "c"(a1), "d"(a2), "S"(a3)
			     : "memory");
	return nr;
}

#endif
