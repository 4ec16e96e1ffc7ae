/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_tree.c - device trees, by the first byte: any bytes, of which the
 * firmware reads nothing outside; or parameters that the program puts into a
 * tree, which the firmware takes out of it as they were.
 */
#include <libfdt.h>
#include <setjmp.h>
#include <stdio.h>
#include <sys/mman.h>

#include "guest-firmware/percpu.h"
#include "guest-firmware/x86.h"
#include "tests/fuzz/fuzz.h"
#include "vmm/machine/device_tree.h"

/* The firmware's own file, without what is the processor's. */
#define me()		  0
#define wrmsr(msr, value) ((void)(msr), (void)(value))
#include "guest-firmware/param.c"
#undef me
#undef wrmsr

static struct boot_record boot;
const struct boot_record *fw_boot = &boot;

/* Not const, for the firmware's file has seen it by now. */
struct payload_elf_note note __asm__("payload_note") = {
	.desc.params = {{.name = "case"},
			{.name = "gap_us"},
			{.name = "samples"}},
};

static jmp_buf refused;

void verdict_error(const char *fmt, ...)
{
	(void)fmt;
}

/* Where a payload ends that lacks a parameter. */
void fw_control(uint32_t op, uint32_t arg)
{
	(void)arg;
	must(op == CTL_DONE);
	longjmp(refused, 1);
}

/* NULL: a parameter is not there. */
static struct param_value *load(unsigned int nr)
{
	static struct param_value values[PAYLOAD_MAX_PARAMS];

	if (setjmp(refused))
		return NULL;
	params_load(values, nr);
	return values;
}

/* As many bytes as the map has room for, and behind them nothing. */
static unsigned char *guarded(void)
{
	static unsigned char *place;

	if (!place) {
		place = mmap(NULL, LAYOUT_FDT_LEN + PAGE_LEN,
			     PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		must(place != MAP_FAILED);
		mprotect(place + LAYOUT_FDT_LEN, PAGE_LEN, PROT_NONE);
	}
	return place;
}

/*
 * Aligned as the map's is, and the last byte the last one that there is.  The
 * tree is the host's: how long it says it is holds.
 */
static void read_any(const uint8_t *data, size_t len)
{
	size_t room = (len + 7) & ~(size_t)7;
	unsigned char *tree;
	uint32_t value;

	if (room > LAYOUT_FDT_LEN || len < sizeof(struct fdt_header))
		return;
	tree = guarded() + LAYOUT_FDT_LEN - room;
	memset(tree + len, 0, room - len);
	memcpy(tree, data, len);
	if (fdt_totalsize(tree) > room)
		fdt_set_totalsize(tree, (uint32_t)room);
	boot.fdt = (gpa_t)(uintptr_t)tree;
	load(3);
	machine_u32("/hypervisor", "tick-ns", &value);
	machine_u32("/hypervisor", "min-timer-period-us", &value);
}

static void make_param(struct param_desc *d, struct param_setting *s,
		       unsigned int i, struct input *in)
{
	uint64_t kind = input_take(in, 1);
	uint64_t len = 1 + input_take(in, 1) % (sizeof(d->name) - 2);

	*d = (struct param_desc){.kind = kind % 2 ? PARAM_RANGE : PARAM_U64};
	/* No two are alike. */
	d->name[0] = (char)('a' + i);
	for (uint64_t k = 1; k < len; k++)
		d->name[k] = (char)('a' + input_take(in, 1) % 26);
	s->lo = input_take(in, 8);
	s->hi = d->kind == PARAM_RANGE ? input_take(in, 8) : s->lo;
}

static void there_and_back(struct input *in)
{
	static unsigned char ram[LAYOUT_FDT + LAYOUT_FDT_LEN - LAYOUT_BASE];
	static struct run_setup setup;
	struct payload_note *desc = &setup.image.note;
	unsigned int nr =
		(unsigned int)(input_take(in, 1) % (PAYLOAD_MAX_PARAMS + 1));
	struct vm vm = {.config = &setup.config, .image = &setup.image};
	struct param_value *values;
	uint32_t tick = 0;

	memset(desc, 0, sizeof(*desc));
	for (unsigned int i = 0; i < nr; i++)
		make_param(&desc->params[i], &setup.params[i], i, in);
	vm.nr_vcpus = 1 + (uint32_t)(input_take(in, 1) % MAX_VCPUS);
	vm.tsc_khz = input_take(in, 8);
	vm.lazy.len = input_take(in, 1) % 2 * PAGE_LEN;
	vm.ram = (struct ram){
		.gpa = LAYOUT_BASE, .len = sizeof(ram), .hva = ram};
	must(machine_build(&vm, &setup) <= LAYOUT_FDT_LEN);
	boot.fdt = (gpa_t)(uintptr_t)vm_hva(&vm, LAYOUT_FDT, 1);
	note.desc = *desc;
	values = load(nr);
	must(values != NULL);
	for (unsigned int i = 0; i < nr; i++)
		must(values[i].lo == setup.params[i].lo &&
		     values[i].hi == setup.params[i].hi);
	must(machine_u32("/hypervisor", "tick-ns", &tick) && tick != 0);
	must(!machine_u32("/hypervisor", "ticks", &tick));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct payload_note three = {
		.params = {{.name = "case"},
			   {.name = "gap_us"},
			   {.name = "samples"}},
	};
	struct input in = {.data = data + 1, .len = len - 1};

	if (len == 0)
		return 0;
	if (data[0] % 2) {
		there_and_back(&in);
		return 0;
	}
	note.desc = three;
	read_any(in.data, in.len);
	return 0;
}
