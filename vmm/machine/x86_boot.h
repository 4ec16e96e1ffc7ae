/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * x86_boot.h - the processor state in which a vCPU takes its first
 * instruction: long mode, paging on, interrupts off.
 */
#ifndef VMM_MACHINE_X86_BOOT_H
#define VMM_MACHINE_X86_BOOT_H

#include "vmm/machine/vm.h"

/*
 * Identity map, at LAYOUT_PGTABLE: the image's segments with their rights in 4K
 * pages, no page below the stacks, other RAM without execution, MMIO uncached.
 */
void x86_build_page_tables(struct vm *vm);

/*
 * Segments, control registers, entry point and arguments of vCPU index, whose
 * KVM file is fd.  Dies.
 */
void x86_set_boot_state(const struct vm *vm, int fd, uint32_t index);

#endif
