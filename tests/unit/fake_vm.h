/* SPDX-License-Identifier: BSD-2-Clause */
/* fake_vm.h - a VM without KVM: RAM from malloc(), for what only writes it. */
#ifndef UNIT_FAKE_VM_H
#define UNIT_FAKE_VM_H

#include "vmm/machine/vm.h"
#include "vmm/setup/setup.h"

struct fake_vm {
	struct vm vm;
	struct config config;
	struct run_setup setup;
	struct vcpu *vcpus; /* NULL: there are none, or a test's own */
};

/*
 * ram_len bytes of RAM at LAYOUT_BASE, nr_vcpus vCPUs, an image of code,
 * constants and data.  Free with fake_vm_free().
 */
struct fake_vm *fake_vm_new(uint64_t ram_len, uint32_t nr_vcpus);
void fake_vm_free(struct fake_vm *f);

/* devices_alloc() and devices_create(), and back. */
void fake_vm_devices(struct fake_vm *f);
void fake_vm_no_devices(struct fake_vm *f);

/* The device of that name. */
const struct device *fake_device(const char *name);

/*
 * KVM's statistics of a vCPU, whose file is made: so many halts, and whether
 * its thread sleeps.  fake_vm_free() closes it.
 */
void fake_vcpu_rests(struct fake_vm *f, uint32_t vcpu, uint64_t halts,
		     bool sleeps);

/* After that, for each of them: how many of the halts ended while KVM polled.
 */
void fake_vcpu_polls(struct fake_vm *f, uint32_t vcpu, uint64_t polls);

/* A CPU that this process may use. */
int fake_cpu(void);

/*
 * There is no KVM behind the VM's file: ioctls on it do nothing, or are
 * refused.
 */
void fake_kvm_refuses(bool refuses);

/* The eventfd that was last given to KVM_IRQFD. */
int fake_irqfd(void);

/* What was last given to KVM_IOEVENTFD. */
const struct kvm_ioeventfd *fake_ioeventfd(void);

#endif
