/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device_tree.h - the VM as a device tree: what the guest reads, and what
 * --dump-dtb writes.  The only user of libfdt in the vmm.
 */
#ifndef VMM_MACHINE_DEVICE_TREE_H
#define VMM_MACHINE_DEVICE_TREE_H

#include <stdint.h>

#include "vmm/machine/vm.h"
#include "vmm/setup/setup.h"

/* Writes the tree into guest memory at LAYOUT_FDT.  Its size in bytes. */
uint64_t machine_build(struct vm *vm, const struct run_setup *setup);

#endif
