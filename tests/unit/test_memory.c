/* SPDX-License-Identifier: BSD-2-Clause */
/* test_memory.c - guest RAM: where it lies, that it is there, its bounds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest-firmware/abi/hist.h"
#include "guest-firmware/abi/series.h"
#include "tests/unit/fake_vm.h"
#include "tests/unit/unit.h"

#define RAM_LEN 0x100000ull

TEST(vm_hva_gives_what_is_inside_of_the_ram)
{
	struct fake_vm *f = fake_vm_new(RAM_LEN, 1);
	const struct vm *vm = &f->vm;
	gpa_t end = LAYOUT_BASE + RAM_LEN;

	assert_ptr_equal(vm_hva(vm, LAYOUT_BASE, 1), vm->ram.hva);
	assert_ptr_equal(vm_hva(vm, LAYOUT_BASE, RAM_LEN), vm->ram.hva);
	assert_ptr_equal(vm_hva(vm, end - 1, 1), vm->ram.hva + RAM_LEN - 1);
	assert_ptr_equal(vm_result(vm),
			 vm->ram.hva + (LAYOUT_RESULT - LAYOUT_BASE));
	fake_vm_free(f);
}

TEST(vm_hva_gives_nothing_outside_of_the_ram)
{
	struct fake_vm *f = fake_vm_new(RAM_LEN, 1);
	const struct vm *vm = &f->vm;
	gpa_t end = LAYOUT_BASE + RAM_LEN;

	assert_null(vm_hva(vm, 0, 1));
	assert_null(vm_hva(vm, LAYOUT_BASE - 1, 1));
	assert_null(vm_hva(vm, LAYOUT_BASE - 1, 2));
	assert_null(vm_hva(vm, end, 1));
	assert_null(vm_hva(vm, end - 1, 2));
	assert_null(vm_hva(vm, LAYOUT_BASE, RAM_LEN + 1));
	assert_null(vm_hva(vm, LAYOUT_LAPIC, 4));
	fake_vm_free(f);
}

TEST(vm_hva_does_not_wrap)
{
	struct fake_vm *f = fake_vm_new(RAM_LEN, 1);
	const struct vm *vm = &f->vm;

	assert_null(vm_hva(vm, UINT64_MAX, 1));
	assert_null(vm_hva(vm, UINT64_MAX, UINT64_MAX));
	assert_null(vm_hva(vm, LAYOUT_BASE, UINT64_MAX));
	assert_null(vm_hva(vm, LAYOUT_BASE + 16, UINT64_MAX - 15));
	assert_null(vm_hva(vm, LAYOUT_BASE + 16, -(uint64_t)LAYOUT_BASE));
	assert_null(vm_hva(vm, -(gpa_t)16, LAYOUT_BASE + 32));
	fake_vm_free(f);
}

TEST(vm_hva_does_not_cross_from_ram_to_lazy_ram)
{
	struct fake_vm *f = fake_vm_new(RAM_LEN, 1);
	unsigned char lazy[4096];

	assert_null(vm_hva(&f->vm, LAYOUT_LAZY, 1));
	f->vm.lazy = (struct ram){
		.gpa = LAYOUT_LAZY, .len = sizeof(lazy), .hva = lazy};
	assert_ptr_equal(vm_hva(&f->vm, LAYOUT_LAZY, 4096), lazy);
	assert_null(vm_hva(&f->vm, LAYOUT_LAZY, 4097));
	/* As if the two were neighbours. */
	f->vm.lazy.gpa = LAYOUT_BASE + RAM_LEN;
	assert_null(vm_hva(&f->vm, LAYOUT_BASE + RAM_LEN - 8, 16));
	fake_vm_free(f);
}

static void allocate(struct fake_vm *f, uint64_t hists, uint64_t lazy_len)
{
	/* The fake has RAM of its own, which vm_memory() replaces. */
	free(f->vm.ram.hva);
	f->setup.image.note.hists = hists;
	f->setup.image.note.lazy_len = lazy_len;
	vm_memory(&f->vm);
}

static void release(struct fake_vm *f)
{
	vm_free_memory(&f->vm);
	f->vm.ram.hva = NULL;
	fake_vm_free(f);
}

/* Pages of the RAM that are there. */
static uint64_t nr_present(const struct ram *ram)
{
	uint64_t pages = ram->len / 4096, nr = 0;
	unsigned char *vec = malloc(pages);

	assert_non_null(vec);
	assert_int_equal(mincore(ram->hva, ram->len, vec), 0);
	for (uint64_t i = 0; i < pages; i++)
		nr += vec[i] & 1;
	free(vec);
	return nr;
}

TEST(memory_has_every_page_before_the_guest_starts)
{
	struct fake_vm *f = fake_vm_new(4096, 2);

	allocate(f, 40, 0);
	assert_true(f->vm.ram.len >= 40 * sizeof(struct hist));
	assert_int_equal(nr_present(&f->vm.ram), f->vm.ram.len / 4096);
	for (uint64_t at = 0; at < f->vm.ram.len; at++)
		assert_int_equal(f->vm.ram.hva[at], 0);
	release(f);
}

TEST(memory_leaves_lazy_ram_absent)
{
	struct fake_vm *f = fake_vm_new(4096, 1);

	allocate(f, 1, 1 << 20);
	assert_int_equal(f->vm.lazy.gpa, LAYOUT_LAZY);
	assert_int_equal(f->vm.lazy.len, 1 << 20);
	assert_int_equal(nr_present(&f->vm.lazy), 0);
	f->vm.lazy.hva[4096] = 1;
	assert_int_equal(nr_present(&f->vm.lazy), 1);
	release(f);
}

/* Is a flag of smaps set for the mapping that begins there? */
static bool has_vm_flag(const void *hva, const char *flag)
{
	FILE *f = fopen("/proc/self/smaps", "re");
	char line[512], head[32];
	bool here = false, has = false;

	assert_non_null(f);
	snprintf(head, sizeof(head), "%lx-", (unsigned long)hva);
	while (fgets(line, sizeof(line), f)) {
		here |= strncmp(line, head, strlen(head)) == 0;
		if (!here || strncmp(line, "VmFlags:", 8) != 0)
			continue;
		has = strstr(line, flag) != NULL;
		break;
	}
	fclose(f);
	return has;
}

/* Whatever shmem_enabled says. */
TEST(memory_of_4k_pages_has_no_huge_ones)
{
	struct fake_vm *f = fake_vm_new(4096, 1);

	if (access("/sys/kernel/mm/transparent_hugepage", F_OK) != 0)
		skip();
	allocate(f, 1, 1 << 20);
	assert_true(has_vm_flag(f->vm.ram.hva, " nh"));
	assert_true(has_vm_flag(f->vm.lazy.hva, " nh"));
	release(f);
}

TEST(memory_lies_as_the_map_says)
{
	struct fake_vm *f = fake_vm_new(4096, 3);
	struct vm *vm = &f->vm;

	allocate(f, 2, 0);
	assert_int_equal(vm->ram.gpa, LAYOUT_BASE);
	assert_int_equal(vm->vcpu_area, vm->image->end);
	assert_int_equal(vm->heap, vm->image->end + 3 * VCPU_AREA_LEN);
	assert_int_equal(vm->heap_len,
			 2 * (sizeof(struct hist) + sizeof(struct series)));
	assert_non_null(vm_hva(vm, vm->heap, vm->heap_len));
	assert_int_equal(vm->ram.len % 4096, 0);
	assert_int_equal(vm->lazy.len, 0);
	release(f);
}

TEST(memory_that_was_asked_for_is_given)
{
	struct fake_vm *f = fake_vm_new(4096, 1);

	f->config.machine.mem_len = (16 << 20) + 1;
	allocate(f, 1, 0);
	assert_int_equal(f->vm.ram.len, (16 << 20) + 4096);
	assert_int_equal(nr_present(&f->vm.ram), f->vm.ram.len / 4096);
	release(f);
}

static void allocate_arg(void *arg)
{
	vm_memory(&((struct fake_vm *)arg)->vm);
}

TEST(memory_that_is_too_little_or_too_much_is_refused)
{
	struct fake_vm *f = fake_vm_new(4096, 1);

	f->config.machine.mem_len = 4096;
	assert_dies(allocate_arg, f, "--mem 4 KiB: made with 1 vCPU wants");
	f->config.machine.mem_len = LAYOUT_RAM_MAX;
	assert_dies(allocate_arg, f, "--mem 1048576 KiB");
	f->config.machine.mem_len = UINT64_MAX;
	assert_dies(allocate_arg, f, "--mem");
	fake_vm_free(f);
}

TEST(memory_beyond_the_map_is_refused)
{
	struct fake_vm *f = fake_vm_new(4096, MAX_VCPUS);

	f->setup.image.note.hists_per_vcpu = 256;
	assert_dies(allocate_arg, f, "take fewer vCPUs");
	f->setup.image.note.hists_per_vcpu = 0;
	f->setup.image.end = LAYOUT_IMAGE_MAX;
	assert_dies(allocate_arg, f, "take fewer vCPUs");
	fake_vm_free(f);
}
