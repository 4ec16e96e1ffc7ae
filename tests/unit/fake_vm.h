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
};

/*
 * ram_len bytes of RAM at LAYOUT_BASE, nr_vcpus vCPUs, an image of code,
 * constants and data.  Free with fake_vm_free().
 */
struct fake_vm *fake_vm_new(uint64_t ram_len, uint32_t nr_vcpus);
void fake_vm_free(struct fake_vm *f);

#endif
