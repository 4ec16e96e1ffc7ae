/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * x86_boot.h - the processor state in which a vCPU takes its first
 * instruction: long mode, paging on, interrupts off.
 */
#ifndef VMM_MACHINE_X86_BOOT_H
#define VMM_MACHINE_X86_BOOT_H

#include "vmm/machine/vm.h"

struct vcpu;

/*
 * What KVM supports, with x2APIC and TSC-deadline as they should be and the
 * topology of nr_vcpus cores in one package.  Sets vm->boot_flags.  The
 * caller frees it.  A thread of its own for it was tried and gains nothing:
 * while one CPU is in that ioctl, mlockall() and memory slots wait for it.
 */
struct kvm_cpuid2 *x86_cpuid_template(struct vm *vm);

/* Gives a vCPU its own APIC id in the template and sets it. */
void x86_set_cpuid(const struct vcpu *vcpu, struct kvm_cpuid2 *cpuid);

/* Segments, control registers, entry point and arguments. */
void x86_set_boot_state(const struct vm *vm, const struct vcpu *vcpu);

/*
 * Identity map: the image's segments with their rights in 4K pages, no page
 * below the stacks, other RAM without execution, MMIO uncached.
 */
void x86_build_page_tables(struct vm *vm);

#endif
