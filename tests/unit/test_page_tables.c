/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_page_tables.c - walks the guest's page tables as a processor does
 * (SDM vol 3 4.5) and holds them against the image's rights.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/fake_vm.h"
#include "tests/unit/unit.h"
#include "vmm/machine/x86_boot.h"

#define P	1ull
#define W	2ull
#define PWT	(1ull << 3)
#define PCD	(1ull << 4)
#define PS	(1ull << 7)
#define NX	(1ull << 63)
#define ADDR	0x000ffffffffff000ull
#define PAGE	4096ull
#define GIB	(1ull << 30)
#define RAM_LEN (8ull << 20)

/* What the walk gives: P, W, NX, PCD and PWT of all levels; 0: no page. */
static uint64_t rights(const struct vm *vm, gpa_t gpa, gpa_t *to)
{
	gpa_t table = LAYOUT_PGTABLE;
	uint64_t all = P | W, any = 0, entry = 0;
	unsigned int shift = 39;

	for (;; shift -= 9) {
		const uint64_t *t = vm_hva(vm, table, PAGE);

		assert_non_null(t);
		entry = t[gpa >> shift & 511];
		if (!(entry & P))
			return 0;
		all &= entry;
		any |= entry & NX;
		table = entry & ADDR;
		if (shift == 12 || entry & PS)
			break;
	}
	*to = (entry & ADDR & ~((1ull << shift) - 1)) |
	      (gpa & ((1ull << shift) - 1));
	return all | any | (entry & (PCD | PWT));
}

static uint64_t rights_at(const struct vm *vm, gpa_t gpa)
{
	gpa_t to = 0;
	uint64_t r = rights(vm, gpa, &to);

	/* Identity, or nothing. */
	if (r)
		assert_int_equal(to, gpa);
	return r;
}

static struct fake_vm *mapped(uint64_t ram_len, uint32_t nr_vcpus)
{
	struct fake_vm *f = fake_vm_new(ram_len, nr_vcpus);

	/* What was there before a restart must not shine through. */
	memset(vm_hva(&f->vm, LAYOUT_PGTABLE, LAYOUT_PGTABLE_LEN), 0xff,
	       LAYOUT_PGTABLE_LEN);
	x86_build_page_tables(&f->vm);
	return f;
}

static bool is_guard(const struct vm *vm, gpa_t gpa)
{
	return gpa >= vm->vcpu_area && gpa < vm->heap &&
	       (gpa - vm->vcpu_area) % VCPU_AREA_LEN < PAGE;
}

TEST(page_tables_give_segments_their_rights)
{
	struct fake_vm *f = mapped(RAM_LEN, 2);
	const struct image *image = f->vm.image;

	for (unsigned int i = 0; i < image->nr_segments; i++) {
		const struct segment *s = &image->segments[i];
		uint64_t wanted = P;

		wanted |= s->flags & SEGMENT_WRITE ? W : 0;
		wanted |= s->flags & SEGMENT_EXEC ? 0 : NX;
		for (uint64_t at = 0; at < s->mem_len; at += PAGE)
			assert_int_equal(rights_at(&f->vm, s->gpa + at),
					 wanted);
		assert_int_equal(rights_at(&f->vm, s->gpa + s->mem_len - 1),
				 wanted);
	}
	fake_vm_free(f);
}

TEST(page_tables_have_no_writable_code)
{
	struct fake_vm *f = mapped(40ull << 20, 4);
	unsigned int nr_code = 0;

	for (gpa_t gpa = 0; gpa < 4 * GIB; gpa += PAGE) {
		uint64_t r = rights_at(&f->vm, gpa);

		if (!(r & P) || r & NX)
			continue;
		assert_int_equal(r & W, 0);
		assert_in_range(gpa, LAYOUT_IMAGE, LAYOUT_IMAGE + 0x2fff);
		nr_code++;
	}
	assert_int_equal(nr_code, 3);
	fake_vm_free(f);
}

TEST(page_tables_have_no_page_below_the_stacks)
{
	struct fake_vm *f = mapped(RAM_LEN, MAX_VCPUS);

	for (uint32_t i = 0; i < MAX_VCPUS; i++) {
		gpa_t area = f->vm.vcpu_area + (gpa_t)i * VCPU_AREA_LEN;

		assert_int_equal(rights_at(&f->vm, area), 0);
		assert_int_equal(rights_at(&f->vm, area + PAGE - 1), 0);
		for (gpa_t at = PAGE; at < VCPU_AREA_LEN; at += PAGE)
			assert_int_equal(rights_at(&f->vm, area + at),
					 P | W | NX);
	}
	fake_vm_free(f);
}

TEST(page_tables_have_no_page_below_the_ram)
{
	struct fake_vm *f = mapped(RAM_LEN, 1);

	for (gpa_t gpa = 0; gpa < LAYOUT_BASE; gpa += PAGE)
		assert_int_equal(rights_at(&f->vm, gpa), 0);
	fake_vm_free(f);
}

TEST(page_tables_map_all_of_the_ram)
{
	struct fake_vm *f = mapped(40ull << 20, 2);
	gpa_t end = f->vm.ram.gpa + f->vm.ram.len;

	for (gpa_t gpa = LAYOUT_BASE; gpa < end; gpa += PAGE)
		if (!is_guard(&f->vm, gpa))
			assert_int_equal(rights_at(&f->vm, gpa) & P, P);
	assert_int_equal(rights_at(&f->vm, end - 1), P | W | NX);
	fake_vm_free(f);
}

TEST(page_tables_map_nothing_behind_small_ram)
{
	struct fake_vm *f = mapped(0x123000, 1);
	gpa_t end = f->vm.ram.gpa + f->vm.ram.len;

	assert_int_equal(rights_at(&f->vm, end - 1), P | W | NX);
	for (gpa_t gpa = end; gpa < GIB; gpa += PAGE)
		assert_int_equal(rights_at(&f->vm, gpa), 0);
	fake_vm_free(f);
}

TEST(page_tables_keep_what_the_vmm_writes_read_only)
{
	struct fake_vm *f = mapped(RAM_LEN, 1);

	assert_int_equal(rights_at(&f->vm, LAYOUT_BOOT), P | NX);
	for (gpa_t gpa = LAYOUT_PGTABLE; gpa < LAYOUT_IMAGE; gpa += PAGE)
		assert_int_equal(rights_at(&f->vm, gpa), P | NX);
	assert_int_equal(rights_at(&f->vm, LAYOUT_RESULT), P | W | NX);
	assert_int_equal(rights_at(&f->vm, LAYOUT_CONSOLE), P | W | NX);
	fake_vm_free(f);
}

TEST(page_tables_do_not_cache_devices)
{
	struct fake_vm *f = mapped(RAM_LEN, 1);
	const uint64_t wanted = P | W | NX | PCD | PWT;

	assert_int_equal(rights_at(&f->vm, LAYOUT_LAPIC), wanted);
	assert_int_equal(rights_at(&f->vm, LAYOUT_LAPIC + 0xfff), wanted);
	for (gpa_t gpa = 0; gpa < LAYOUT_MMIO_LEN; gpa += PAGE)
		assert_int_equal(rights_at(&f->vm, LAYOUT_MMIO + gpa), wanted);
	assert_int_equal(rights_at(&f->vm, LAYOUT_MMIO - 1), 0);
	assert_int_equal(rights_at(&f->vm, LAYOUT_MMIO + LAYOUT_MMIO_LEN), 0);
	assert_int_equal(rights_at(&f->vm, LAYOUT_RESULT) & (PCD | PWT), 0);
	fake_vm_free(f);
}

TEST(page_tables_map_lazy_ram_only_when_there_is_some)
{
	struct fake_vm *f = mapped(RAM_LEN, 1);

	assert_int_equal(rights_at(&f->vm, LAYOUT_LAZY), 0);
	f->vm.lazy = (struct ram){.gpa = LAYOUT_LAZY, .len = 6 << 20};
	x86_build_page_tables(&f->vm);
	for (gpa_t gpa = 0; gpa < 6 << 20; gpa += PAGE)
		assert_int_equal(rights_at(&f->vm, LAYOUT_LAZY + gpa),
				 P | W | NX);
	assert_int_equal(rights_at(&f->vm, LAYOUT_LAZY + (6 << 20)), 0);
	fake_vm_free(f);
}

TEST(page_tables_stay_in_their_place)
{
	struct fake_vm *f = fake_vm_new(40ull << 20, 1);
	unsigned char *before = vm_hva(&f->vm, LAYOUT_CONSOLE, 1);
	unsigned char *behind = vm_hva(&f->vm, LAYOUT_FDT, LAYOUT_FDT_LEN);

	x86_build_page_tables(&f->vm);
	for (unsigned int i = 0; i < LAYOUT_CONSOLE_LEN; i++)
		assert_int_equal(before[i], 0);
	for (unsigned int i = 0; i < LAYOUT_FDT_LEN; i++)
		assert_int_equal(behind[i], 0);
	fake_vm_free(f);
}
