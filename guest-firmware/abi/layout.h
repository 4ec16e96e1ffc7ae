/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * layout.h - the guest-physical map and the port numbers.  #defines only: C,
 * assembler and the linker script include it.
 *
 * Everything lives above 2 MiB, so that address 0 faults, so that 2 MiB pages
 * back it without a hole, and so that a PC-like VMM has plain RAM there.
 */
#ifndef ABI_LAYOUT_H
#define ABI_LAYOUT_H

#define PAGE_LEN 4096 /* of the guest's page tables, and of KVM's dirty log */

#define LAYOUT_BASE	   0x200000 /* first byte the project uses */
#define LAYOUT_BOOT	   0x200000 /* struct boot_record, vmm writes */
#define LAYOUT_RESULT	   0x201000 /* struct result_area, guest writes */
#define LAYOUT_RESULT_LEN  0x00f000
#define LAYOUT_CONSOLE	   0x210000 /* struct console, both write */
#define LAYOUT_CONSOLE_LEN 0x010000
#define LAYOUT_PGTABLE	   0x220000 /* page tables, vmm writes */
#define LAYOUT_PGTABLE_LEN 0x018000
#define LAYOUT_FDT	   0x238000 /* device tree, vmm writes */
#define LAYOUT_FDT_LEN	   0x008000
#define LAYOUT_IMAGE	   0x240000   /* the payload's ELF segments */
#define LAYOUT_IMAGE_MAX   0x2000000  /* 4K-mapped RAM ends here: 32 MiB */
#define LAYOUT_RAM_MAX	   0x40000000 /* RAM ends at or below 1 GiB */

#define LAYOUT_LAZY	0x40000000 /* RAM that is not pre-faulted */
#define LAYOUT_LAZY_MAX 0x40000000
#define LAYOUT_MMIO	0xd0000000 /* devices: 2 MiB, uncached */
#define LAYOUT_MMIO_LEN 0x200000
#define LAYOUT_LAPIC	0xfee00000 /* SDM vol 3 11.4.1 */

/*
 * One area a vCPU, after the image: a guard page that is not mapped, the
 * stack growing down towards it, the stack for double faults, and the page
 * of struct percpu.
 */
#define VCPU_AREA_SHIFT	    15
#define VCPU_AREA_LEN	    (1 << VCPU_AREA_SHIFT)
#define VCPU_AREA_STACK_TOP 0x6000
#define VCPU_AREA_IST_TOP   0x7000
#define VCPU_AREA_PERCPU    0x7000

#define MAX_VCPUS 64

/* Selectors of the guest's GDT; the vmm loads the same ones. */
#define SEL_CODE 0x08
#define SEL_DATA 0x10
#define SEL_TSS	 0x18

/* Exception stubs 0..31 and interrupt stubs 32..63, first in the image. */
#define VECTOR_STUB_LEN	 64
#define NR_VECTORS	 64
#define VECTOR_NMI	 2
#define VECTOR_DF	 8
#define VECTOR_MC	 18
#define VECTOR_IRQ_FIRST 0x20
#define VECTOR_WORK	 0x21 /* wakes an idle vCPU for a job */
#define VECTOR_IPI	 0x31
#define VECTOR_TIMER	 0x32
#define VECTOR_PULSE	 0x33
#define VECTOR_SPURIOUS	 0x3f

/* Ports.  32-bit accesses; see the files in devices/. */
#define PORT_CONTROL   0x500
#define PORT_DOORBELL  0x510
#define PORT_PULSE     0x530 /* abi/pulse.h */
#define PORT_PRIO      0x540 /* abi/prio.h */
#define PORT_SLOW_PATH 0x550 /* abi/slow_path.h */

#define MMIO_DOORBELL	LAYOUT_MMIO
#define MSR_DOORBELL	0x4c560000 /* no processor has it */
#define MSR_DOORBELL_NR 8	   /* filtered: all of them exit */

#endif
