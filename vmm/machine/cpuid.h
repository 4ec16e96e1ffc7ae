/* SPDX-License-Identifier: BSD-2-Clause */
/* cpuid.h - what the guest's CPUID says. */
#ifndef VMM_MACHINE_CPUID_H
#define VMM_MACHINE_CPUID_H

#include "vmm/machine/vm.h"

/*
 * What KVM supports, with x2APIC and TSC-deadline as they should be and the
 * topology of nr_vcpus cores in one package.  Sets vm->boot_flags.  The
 * caller frees it.  A thread of its own for it was tried and gains nothing:
 * while one CPU is in that ioctl, mlockall() and memory slots wait for it.
 */
struct kvm_cpuid2 *x86_cpuid_template(struct vm *vm);

/* Puts the APIC id of vCPU index into cpuid and sets it on fd.  Dies. */
void x86_set_cpuid(int fd, uint32_t index, struct kvm_cpuid2 *cpuid);

#endif
