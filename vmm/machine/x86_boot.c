/* SPDX-License-Identifier: BSD-2-Clause */
/* x86_boot.c - see x86_boot.h. */
#include <string.h>

#include "vmm/machine/x86_boot.h"

/* Page table entries, SDM vol 3 4.5.4. */
#define PTE_P	   (1ull << 0)
#define PTE_W	   (1ull << 1)
#define PTE_PWT	   (1ull << 3)
#define PTE_PCD	   (1ull << 4)
#define PTE_A	   (1ull << 5)
#define PTE_D	   (1ull << 6)
#define PTE_PS	   (1ull << 7)
#define PTE_NX	   (1ull << 63)
#define PTE_TABLE  (PTE_P | PTE_W | PTE_A)
#define PTE_RAM	   (PTE_P | PTE_W | PTE_A | PTE_D | PTE_NX)
#define PTE_DEVICE (PTE_RAM | PTE_PWT | PTE_PCD | PTE_PS)

#define LARGE_LEN 0x200000ull
#define ENTRIES	  512u

/* Pages of LAYOUT_PGTABLE, in this order. */
enum {
	PAGE_PML4,
	PAGE_PDPT,
	PAGE_PD_RAM,  /* 0..1 GiB */
	PAGE_PD_LAZY, /* 1..2 GiB */
	PAGE_PD_MMIO, /* 3..4 GiB */
	PAGE_PT,      /* 4K pages of 0..LAYOUT_IMAGE_MAX */
	NR_TABLE_PAGES = PAGE_PT + LAYOUT_IMAGE_MAX / LARGE_LEN,
};

_Static_assert(NR_TABLE_PAGES *PAGE_LEN <= LAYOUT_PGTABLE_LEN, "they fit");

/* Control registers, SDM vol 3 2.5; EFER, 2.2.1. */
#define CR0_BOOT  0x80010033ull /* PG WP NE ET MP PE */
#define CR4_BOOT  0x00000020ull /* PAE */
#define EFER_BOOT 0x00000d00ull /* NXE LMA LME */

static gpa_t table_gpa(unsigned int page)
{
	return LAYOUT_PGTABLE + page * PAGE_LEN;
}

static uint64_t *table(struct vm *vm, unsigned int page)
{
	return vm_hva(vm, table_gpa(page), PAGE_LEN);
}

static void map_large(struct vm *vm, unsigned int page, gpa_t from, gpa_t end,
		      uint64_t flags)
{
	uint64_t *pd = table(vm, page);

	for (gpa_t gpa = from; gpa < end; gpa += LARGE_LEN)
		pd[gpa / LARGE_LEN % ENTRIES] = gpa | flags;
}

/* flags 0: not present. */
static void map_small(struct vm *vm, gpa_t from, gpa_t end, uint64_t flags)
{
	for (gpa_t gpa = from; gpa < end; gpa += PAGE_LEN) {
		uint64_t *pt =
			table(vm, PAGE_PT + (unsigned int)(gpa / LARGE_LEN));

		pt[gpa / PAGE_LEN % ENTRIES] = flags ? gpa | flags : 0;
	}
}

static void map_image(struct vm *vm)
{
	for (unsigned int i = 0; i < vm->image->nr_segments; i++) {
		const struct segment *s = &vm->image->segments[i];
		uint64_t flags = PTE_P | PTE_A | PTE_D;

		if (s->flags & SEGMENT_WRITE)
			flags |= PTE_W;
		if (!(s->flags & SEGMENT_EXEC))
			flags |= PTE_NX;
		map_small(vm, s->gpa, s->gpa + s->mem_len, flags);
	}
}

void x86_build_page_tables(struct vm *vm)
{
	gpa_t end = vm->ram.gpa + vm->ram.len;
	gpa_t small_end = end < LAYOUT_IMAGE_MAX ? end : LAYOUT_IMAGE_MAX;

	memset(table(vm, 0), 0, (size_t)NR_TABLE_PAGES * PAGE_LEN);
	table(vm, PAGE_PML4)[0] = table_gpa(PAGE_PDPT) | PTE_TABLE;
	table(vm, PAGE_PDPT)[0] = table_gpa(PAGE_PD_RAM) | PTE_TABLE;
	table(vm, PAGE_PDPT)[1] = table_gpa(PAGE_PD_LAZY) | PTE_TABLE;
	table(vm, PAGE_PDPT)[3] = table_gpa(PAGE_PD_MMIO) | PTE_TABLE;
	for (gpa_t gpa = 0; gpa < small_end; gpa += LARGE_LEN) {
		unsigned int i = (unsigned int)(gpa / LARGE_LEN);

		table(vm, PAGE_PD_RAM)[i] = table_gpa(PAGE_PT + i) | PTE_TABLE;
	}
	map_small(vm, LAYOUT_BASE, small_end, PTE_RAM);
	map_small(vm, LAYOUT_BOOT, LAYOUT_BOOT + PAGE_LEN, PTE_RAM & ~PTE_W);
	map_small(vm, LAYOUT_PGTABLE, LAYOUT_FDT + LAYOUT_FDT_LEN,
		  PTE_RAM & ~PTE_W);
	map_image(vm);
	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		gpa_t guard = vm->vcpu_area + (gpa_t)i * VCPU_AREA_LEN;

		map_small(vm, guard, guard + PAGE_LEN, 0);
	}
	map_large(vm, PAGE_PD_RAM, small_end, end, PTE_RAM | PTE_PS);
	map_large(vm, PAGE_PD_LAZY, LAYOUT_LAZY, LAYOUT_LAZY + vm->lazy.len,
		  PTE_RAM | PTE_PS);
	map_large(vm, PAGE_PD_MMIO, LAYOUT_MMIO, LAYOUT_MMIO + LAYOUT_MMIO_LEN,
		  PTE_DEVICE);
	map_large(vm, PAGE_PD_MMIO, LAYOUT_LAPIC, LAYOUT_LAPIC + 1, PTE_DEVICE);
}

/* The descriptors that the firmware's GDT holds, SDM vol 3 3.4.5. */
static void set_segments(struct kvm_sregs *s)
{
	struct kvm_segment code = {
		.limit = 0xffffffff,
		.selector = SEL_CODE,
		.type = 11,
		.present = 1,
		.s = 1,
		.l = 1,
		.g = 1,
	};
	struct kvm_segment data = {
		.limit = 0xffffffff,
		.selector = SEL_DATA,
		.type = 3,
		.present = 1,
		.s = 1,
		.db = 1,
		.g = 1,
	};

	s->cs = code;
	s->ds = s->es = s->fs = s->gs = s->ss = data;
}

void x86_set_boot_state(const struct vm *vm, int fd, uint32_t index)
{
	struct kvm_regs regs = {
		.rip = vm->image->entry,
		.rflags = 2,
		.rdi = LAYOUT_BOOT,
		.rsi = index,
		.rsp = vm->vcpu_area + (gpa_t)index * VCPU_AREA_LEN +
		       VCPU_AREA_STACK_TOP,
	};
	struct kvm_mp_state runnable = {.mp_state = KVM_MP_STATE_RUNNABLE};
	struct kvm_sregs sregs;

	kvm_ioctl(fd, KVM_GET_SREGS, &sregs);
	set_segments(&sregs);
	sregs.cr0 = CR0_BOOT;
	sregs.cr3 = LAYOUT_PGTABLE;
	sregs.cr4 = CR4_BOOT;
	sregs.efer = EFER_BOOT;
	if (vm->boot_flags & BOOT_X2APIC)
		sregs.apic_base |= 1u << 10; /* EXTD, SDM vol 3 11.12.1 */
	kvm_ioctl(fd, KVM_SET_SREGS, &sregs);
	kvm_ioctl(fd, KVM_SET_REGS, &regs);
	/* Only vCPU 0 starts runnable by itself; there is no SIPI here. */
	if (vm->boot_flags & BOOT_LAPIC)
		kvm_ioctl(fd, KVM_SET_MP_STATE, &runnable);
}
