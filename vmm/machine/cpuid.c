/* SPDX-License-Identifier: BSD-2-Clause */
/* cpuid.c - see cpuid.h: KVM's offer, made consistent. */
#include <stdlib.h>

#include "vmm/base/die.h"
#include "vmm/machine/cpuid.h"

/* Leaf 1, SDM vol 2A CPUID. */
#define ECX_MONITOR	 (1u << 3)
#define ECX_X2APIC	 (1u << 21)
#define ECX_TSC_DEADLINE (1u << 24)
#define EDX_APIC	 (1u << 9)
#define EDX_HTT		 (1u << 28)

static unsigned int id_bits(uint32_t nr_vcpus)
{
	unsigned int bits = 0;

	while ((1u << bits) < nr_vcpus)
		bits++;
	return bits;
}

/*
 * KVM reports TSC-deadline mode as a capability and leaves the CPUID bit to
 * the vmm (Documentation/virt/kvm/api.rst 4.46, KVM_GET_SUPPORTED_CPUID).
 */
static void set_features(struct vm *vm, struct kvm_cpuid_entry2 *e)
{
	bool lapic = vm->config->machine.irqchip != IRQCHIP_NONE;

	vm->boot_flags = 0;
	if (!lapic) {
		e->ecx &= ~(ECX_X2APIC | ECX_TSC_DEADLINE);
		e->edx &= ~EDX_APIC;
		return;
	}
	vm->boot_flags |= BOOT_LAPIC;
	if (vm->config->machine.irqchip == IRQCHIP_KERNEL)
		vm->boot_flags |= BOOT_IRQCHIP;
	if (vm->config->machine.xapic)
		e->ecx &= ~ECX_X2APIC;
	/* Only a guest whose MWAIT does not exit is told that it has it. */
	if (vm->config->machine.disable_exits & KVM_X86_DISABLE_EXITS_MWAIT)
		e->ecx |= ECX_MONITOR;
	if (e->ecx & ECX_X2APIC)
		vm->boot_flags |= BOOT_X2APIC;
	if (kvm_cap(vm->kvm.fd, KVM_CAP_TSC_DEADLINE_TIMER)) {
		e->ecx |= ECX_TSC_DEADLINE;
		vm->boot_flags |= BOOT_TSC_DEADLINE;
	}
}

/* One package, nr_vcpus cores, a thread each (SDM vol 3 9.9). */
static void set_topology(struct kvm_cpuid_entry2 *e, uint32_t nr_vcpus)
{
	unsigned int bits = id_bits(nr_vcpus);

	switch (e->function) {
	case 0x1:
		e->ebx = (e->ebx & 0xff00ffffu) | (1u << bits) << 16;
		e->edx = nr_vcpus > 1 ? e->edx | EDX_HTT : e->edx & ~EDX_HTT;
		break;
	case 0x4: /* cores a package, minus one; a cache serves one core */
		if (e->eax & 0x1f)
			e->eax = (e->eax & 0x3fffu) | ((1u << bits) - 1) << 26;
		break;
	case 0xb:
	case 0x1f:
		e->eax = e->index == 0 ? 0 : bits;
		e->ebx = e->index == 0 ? 1 : nr_vcpus;
		e->ecx = e->index | (e->index < 2 ? (e->index + 1) << 8 : 0);
		if (e->index >= 2)
			e->eax = e->ebx = 0;
		break;
	case 0x80000008: /* APM vol 3 E.4.8: NC and ApicIdCoreIdSize */
		if (e->ecx)
			e->ecx = bits << 12 | (nr_vcpus - 1);
		break;
	default:
		break;
	}
}

struct kvm_cpuid2 *x86_cpuid_template(struct vm *vm)
{
	struct kvm_cpuid2 *cpuid = kvm_supported_cpuid(&vm->kvm);

	if (!cpuid)
		die_errno("KVM_GET_SUPPORTED_CPUID failed");
	for (uint32_t i = 0; i < cpuid->nent; i++) {
		if (cpuid->entries[i].function == 0x1)
			set_features(vm, &cpuid->entries[i]);
		set_topology(&cpuid->entries[i], vm->nr_vcpus);
	}
	return cpuid;
}

void x86_set_cpuid(int fd, uint32_t index, struct kvm_cpuid2 *cpuid)
{
	for (uint32_t i = 0; i < cpuid->nent; i++) {
		struct kvm_cpuid_entry2 *e = &cpuid->entries[i];

		if (e->function == 0x1)
			e->ebx = (e->ebx & 0x00ffffffu) | index << 24;
		else if (e->function == 0xb || e->function == 0x1f)
			e->edx = index;
		else if (e->function == 0x8000001e)
			e->eax = index;
	}
	kvm_ioctl(fd, KVM_SET_CPUID2, cpuid);
}
