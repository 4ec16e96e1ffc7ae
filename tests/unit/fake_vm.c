/* SPDX-License-Identifier: BSD-2-Clause */
/* fake_vm.c - see fake_vm.h. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/fake_vm.h"
#include "tests/unit/unit.h"

static void fake_image(struct image *image)
{
	image->segments[0] = (struct segment){
		.gpa = LAYOUT_IMAGE,
		.mem_len = 0x2345,
		.flags = SEGMENT_READ | SEGMENT_EXEC,
	};
	image->segments[1] = (struct segment){
		.gpa = LAYOUT_IMAGE + 0x3000,
		.mem_len = 0x1000,
		.flags = SEGMENT_READ,
	};
	image->segments[2] = (struct segment){
		.gpa = LAYOUT_IMAGE + 0x4000,
		.mem_len = 0x1001,
		.flags = SEGMENT_READ | SEGMENT_WRITE,
	};
	image->nr_segments = 3;
	image->entry = LAYOUT_IMAGE;
	image->end = LAYOUT_IMAGE + 0x6000;
	strcpy(image->note.name, "made");
}

struct fake_vm *fake_vm_new(uint64_t ram_len, uint32_t nr_vcpus)
{
	struct fake_vm *f = calloc(1, sizeof(*f));
	struct vm *vm;

	assert_non_null(f);
	vm = &f->vm;
	fake_image(&f->setup.image);
	f->config.page_len = 4096;
	f->config.placement.prio = 80;
	vm->config = &f->config;
	vm->image = &f->setup.image;
	vm->nr_vcpus = nr_vcpus;
	vm->tsc_khz = 2000000;
	vm->vcpu_area = vm->image->end;
	vm->heap = vm->vcpu_area + (gpa_t)nr_vcpus * VCPU_AREA_LEN;
	vm->ram = (struct ram){
		.gpa = LAYOUT_BASE,
		.len = ram_len,
		/* Zeroed and page-aligned, as a memfd's pages are. */
		.hva = aligned_alloc(4096, ram_len),
		.fd = -1,
	};
	assert_non_null(vm->ram.hva);
	memset(vm->ram.hva, 0, ram_len);
	return f;
}

void fake_vm_free(struct fake_vm *f)
{
	free(f->vm.ram.hva);
	free(f);
}
