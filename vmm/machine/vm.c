/* SPDX-License-Identifier: BSD-2-Clause */
/* vm.c - the guest's RAM: where it lies, what backs it, who may see it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest-firmware/abi/raw.h"
#include "vmm/base/die.h"
#include "vmm/base/text.h"
#include "vmm/host/host.h"
#include "vmm/host/placement.h"
#include "vmm/machine/vm.h"
#include "vmm/payload/note.h"

#ifndef MFD_HUGE_SHIFT
#define MFD_HUGE_SHIFT 26
#endif

#define PAGE_4K 4096ull
#define PAGE_1G (1ull << 30)

/* Of the rings of --raw.  All of it is present and locked, so not more than
 * that. */
#define RINGS_LEN_MAX (32ull << 20)
#define ENTRIES_MAX   (1u << 18) /* 10 ms of a sample each 40 ns */
#define ENTRIES_MIN   (1u << 12)

static uint64_t round_up(uint64_t value, uint64_t to)
{
	return (value + to - 1) & ~(to - 1);
}

static const char *page_name(uint64_t page_len)
{
	return page_len == PAGE_1G ? "1G" : page_len == PAGE_4K ? "4K" : "2M";
}

/* What to type when the host has too few huge pages. */
static _Noreturn void die_no_pages(const struct ram *ram, uint64_t page_len,
				   int err)
{
	uint64_t nr = ram->len / page_len;
	char path[128];
	int64_t nr_free;

	if (page_len == PAGE_4K)
		die("cannot get %ju KiB of guest memory: %s",
		    (uintmax_t)ram->len >> 10, strerror(err));
	snprintf(path, sizeof(path),
		 "/sys/kernel/mm/hugepages/hugepages-%jukB/free_hugepages",
		 (uintmax_t)page_len >> 10);
	nr_free = host_number(path, -1);
	if (nr_free < 0)
		die("--page-size %s: this host has no pages of that size; take "
		    "another one",
		    page_name(page_len));
	die("--page-size %s wants %ju free huge page%s, the host has %jd: "
	    "reserve with 'echo %ju > /sys/kernel/mm/hugepages/"
	    "hugepages-%jukB/nr_hugepages'",
	    page_name(page_len), (uintmax_t)nr, plural(nr), (intmax_t)nr_free,
	    (uintmax_t)nr, (uintmax_t)page_len >> 10);
}

static unsigned int memfd_flags(uint64_t page_len)
{
	unsigned int log2 = (unsigned int)__builtin_ctzll(page_len);

	if (page_len == PAGE_4K)
		return MFD_CLOEXEC | MFD_ALLOW_SEALING;
	return MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_HUGETLB |
	       log2 << MFD_HUGE_SHIFT;
}

/* Before it has pages: they stay where they are.  One node: nothing to do. */
static void ram_bind(struct ram *ram, const struct memory_nodes *nodes)
{
	ram->bind_err = nodes->nr_host > 1
				? memory_nodes_bind(nodes, ram->hva, ram->len)
				: 0;
}

static void ram_alloc(struct ram *ram, const struct vm *vm, bool populate)
{
	uint64_t page_len = vm->config->machine.page_len;

	ram->fd = memfd_create("latvisor-guest", memfd_flags(page_len));
	if (ram->fd < 0 || ftruncate(ram->fd, (off_t)ram->len) != 0)
		die_no_pages(ram, page_len, errno);
	/* A shorter file would be a SIGBUS for whoever reads a result. */
	if (fcntl(ram->fd, F_ADD_SEALS,
		  F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
		die_errno("cannot seal the file of the guest's memory");
	/*
	 * Linux makes huge pages present at mmap() under mlockall(), ONFAULT or
	 * not, unless nobody may access them.
	 */
	ram->hva = mmap(NULL, ram->len, PROT_NONE, MAP_SHARED, ram->fd, 0);
	if (ram->hva == MAP_FAILED)
		die_no_pages(ram, page_len, errno);
	ram_bind(ram, &vm->placement->memory);
	if (mprotect(ram->hva, ram->len, PROT_READ | PROT_WRITE) != 0)
		die_no_pages(ram, page_len, errno);
	/*
	 * With shmem_enabled=always the pages of a memfd would be huge ones.  A
	 * kernel without transparent huge pages refuses: it has none to avoid.
	 */
	if (page_len == PAGE_4K)
		(void)madvise(ram->hva, ram->len, MADV_NOHUGEPAGE);
	/* MAP_POPULATE does nothing under mlockall(MCL_ONFAULT). */
	if (populate && madvise(ram->hva, ram->len, MADV_POPULATE_WRITE) != 0)
		die_no_pages(ram, page_len, errno);
}

/* All of its pages are there: a vCPU's thread uses it. */
static void lazy_log_alloc(struct lazy_log *log, uint64_t len)
{
	size_t bytes = round_up(len / PAGE_4K, 64) / 8;

	log->bitmap = malloc(bytes);
	if (!log->bitmap)
		die_errno("no memory for the log of dirty pages");
	memset(log->bitmap, 0, bytes);
}

void vm_size_rings(struct vm *vm)
{
	vm->raw_entries = ENTRIES_MAX;
	while (vm->raw_entries > ENTRIES_MIN &&
	       raw_ring_len(vm->raw_entries) * vm->nr_windows > RINGS_LEN_MAX)
		vm->raw_entries /= 2;
}

/*
 * The areas of the vCPUs lie behind the image, the heap behind them, and
 * behind it the rings of --raw.  RAM begins at LAYOUT_BASE, or at the huge page
 * that holds it.
 */
void vm_memory(struct vm *vm)
{
	const struct payload_note *note = &vm->image->note;
	uint64_t page_len = vm->config->machine.page_len;
	gpa_t end, base = LAYOUT_BASE & ~(page_len - 1);

	vm->vcpu_area = vm->image->end;
	vm->heap = vm->vcpu_area + (uint64_t)vm->nr_vcpus * VCPU_AREA_LEN;
	vm->heap_len = note_heap_len(note, vm->nr_vcpus);
	end = vm->heap + vm->heap_len;
	if (vm->config->output.raw || config_records(vm->config)) {
		vm_size_rings(vm);
		vm->raw = round_up(end, _Alignof(struct raw_ring));
		end = vm->raw + vm->nr_windows * raw_ring_len(vm->raw_entries);
	}
	end = round_up(end, page_len);
	if (vm->heap > LAYOUT_IMAGE_MAX || end > LAYOUT_RAM_MAX)
		die("%s wants %ju KiB of memory for %u vCPUs, the map has room "
		    "for %u KiB: take fewer vCPUs",
		    note->name, (uintmax_t)(end - LAYOUT_BASE) >> 10,
		    vm->nr_vcpus, LAYOUT_IMAGE_MAX >> 10);
	if (vm->config->machine.mem_len) {
		char wish[32];

		text_size(wish, sizeof(wish), vm->config->machine.mem_len);
		if (base + vm->config->machine.mem_len < end ||
		    base + vm->config->machine.mem_len > LAYOUT_RAM_MAX)
			die("--mem %s: %s with %u vCPU%s wants %ju to %ju "
			    "KiB; leave --mem out for the least",
			    wish, note->name, vm->nr_vcpus,
			    plural(vm->nr_vcpus), (uintmax_t)(end - base) >> 10,
			    (uintmax_t)(LAYOUT_RAM_MAX - base) >> 10);
		end = round_up(base + vm->config->machine.mem_len, page_len);
	}
	vm->ram = (struct ram){.gpa = base, .len = end - base};
	ram_alloc(&vm->ram, vm, true);
	vm->lazy = (struct ram){.gpa = 0};
	if (note->lazy_len) {
		vm->lazy = (struct ram){
			.gpa = LAYOUT_LAZY,
			.len = round_up(note->lazy_len, page_len),
		};
		ram_alloc(&vm->lazy, vm, false);
		lazy_log_alloc(&vm->lazy_log, vm->lazy.len);
	}
}

static void ram_free(struct ram *ram)
{
	if (!ram->len)
		return;
	munmap(ram->hva, ram->len);
	close(ram->fd);
	ram->len = 0;
}

void vm_free_memory(struct vm *vm)
{
	ram_free(&vm->ram);
	ram_free(&vm->lazy);
	free(vm->lazy_log.bitmap);
}

static void *ram_hva(const struct ram *ram, gpa_t gpa, uint64_t len)
{
	if (gpa < ram->gpa || len > ram->len || gpa - ram->gpa > ram->len - len)
		return NULL;
	return ram->hva + (gpa - ram->gpa);
}

void *vm_hva(const struct vm *vm, gpa_t gpa, uint64_t len)
{
	void *hva = ram_hva(&vm->ram, gpa, len);

	return hva ? hva : ram_hva(&vm->lazy, gpa, len);
}
