/* SPDX-License-Identifier: BSD-2-Clause */
/* test_machine.c - the device tree that the guest gets, read with libfdt. */
#include <fcntl.h>
#include <libfdt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/unit/fake_vm.h"
#include "tests/unit/unit.h"
#include "vmm/machine/device_tree.h"
#include "vmm/machine/devices.h"

#define RAM_LEN 0x200000ull

static const char *const names[] = {"zulu", "alpha_us", "mike"};

static struct fake_vm *with_params(uint32_t nr_vcpus)
{
	struct fake_vm *f = fake_vm_new(RAM_LEN, nr_vcpus);

	for (unsigned int i = 0; i < 3; i++) {
		struct param_desc *d = &f->setup.image.note.params[i];

		strcpy(d->name, names[i]);
		d->kind = i == 1 ? PARAM_RANGE : PARAM_U64;
		f->setup.params[i] = (struct param_setting){
			.lo = 0x1122334455667788ull + i,
			.hi = UINT64_MAX - i,
		};
	}
	for (uint32_t i = 0; i < nr_vcpus; i++)
		f->setup.placement.cpu[i] = (int)i + 5;
	return f;
}

static const void *build(struct fake_vm *f)
{
	uint64_t len = machine_build(&f->vm, &f->setup);
	const void *fdt = vm_hva(&f->vm, LAYOUT_FDT, LAYOUT_FDT_LEN);

	assert_in_range(len, 1, LAYOUT_FDT_LEN);
	assert_int_equal(fdt_check_full(fdt, len), 0);
	assert_int_equal(fdt_totalsize(fdt), len);
	return fdt;
}

static int node(const void *fdt, const char *path)
{
	int at = fdt_path_offset(fdt, path);

	if (at < 0)
		fail_msg("no node %s: %s", path, fdt_strerror(at));
	return at;
}

/* The property's index-th 64-bit cell. */
static uint64_t cell(const void *fdt, int at, const char *name, int index)
{
	int len;
	const fdt64_t *p = fdt_getprop(fdt, at, name, &len);

	if (!p || len < (index + 1) * 8)
		fail_msg("no cell %d in %s", index, name);
	return fdt64_ld(p + index);
}

static uint32_t cell32(const void *fdt, int at, const char *name)
{
	int len;
	const fdt32_t *p = fdt_getprop(fdt, at, name, &len);

	if (!p || len != 4)
		fail_msg("no 32-bit %s", name);
	return fdt32_ld(p);
}

TEST(machine_has_the_parameters_in_their_order)
{
	struct fake_vm *f = with_params(1);
	const void *fdt = build(f);
	unsigned int nr = 0;
	int at, prop;

	at = node(fdt, "/chosen/parameters");
	fdt_for_each_property_offset (prop, fdt, at) {
		const char *name;
		int len;

		assert_non_null(fdt_getprop_by_offset(fdt, prop, &name, &len));
		assert_in_range(nr, 0, 2);
		assert_string_equal(name, names[nr]);
		assert_int_equal(len, nr == 1 ? 16 : 8);
		assert_int_equal(cell(fdt, at, name, 0),
				 f->setup.params[nr].lo);
		nr++;
	}
	assert_int_equal(nr, 3);
	assert_int_equal(cell(fdt, at, "alpha_us", 1), UINT64_MAX - 1);
	fake_vm_free(f);
}

/* The guest walks the tree in order, and wants the parameters first. */
TEST(machine_begins_with_the_parameters)
{
	struct fake_vm *f = with_params(1);
	const void *fdt = build(f);

	assert_int_equal(fdt_first_subnode(fdt, 0), node(fdt, "/chosen"));
	fake_vm_free(f);
}

TEST(machine_has_the_memory)
{
	struct fake_vm *f = with_params(1);
	const void *fdt = build(f);
	int at = node(fdt, "/memory@200000");

	assert_int_equal(cell(fdt, at, "reg", 0), LAYOUT_BASE);
	assert_int_equal(cell(fdt, at, "reg", 1), RAM_LEN);
	assert_true(fdt_path_offset(fdt, "/lazy-memory@40000000") < 0);
	f->vm.lazy = (struct ram){.gpa = LAYOUT_LAZY, .len = 8192};
	fdt = build(f);
	at = node(fdt, "/lazy-memory@40000000");
	assert_int_equal(cell(fdt, at, "reg", 0), LAYOUT_LAZY);
	assert_int_equal(cell(fdt, at, "reg", 1), 8192);
	fake_vm_free(f);
}

/* Those that its payload did not ask for are not there. */
TEST(machine_has_every_device_with_its_range)
{
	static const char *const buses[NR_BUSES] = {
		[BUS_PIO] = "ports", [BUS_MMIO] = "mmio", [BUS_MSR] = "msrs"};
	struct fake_vm *f = with_params(1);
	unsigned int nr = 0, nr_absent = 0;
	const void *fdt;

	f->setup.image.note.flags = PAYLOAD_PULSE;
	fdt = build(f);
	for_each_device (d) {
		char path[128], compatible[64];
		int at;

		snprintf(path, sizeof(path), "/%s/%s@%jx", buses[(*d)->bus],
			 (*d)->name, (uintmax_t)(*d)->base);
		snprintf(compatible, sizeof(compatible), "latvisor,%s",
			 (*d)->name);
		if (!devices_has(&f->vm, *d)) {
			assert_true(fdt_path_offset(fdt, path) < 0);
			nr_absent++;
			continue;
		}
		at = node(fdt, path);
		assert_int_equal(cell(fdt, at, "reg", 0), (*d)->base);
		assert_int_equal(cell(fdt, at, "reg", 1), (*d)->len);
		assert_int_equal(fdt_node_check_compatible(fdt, at, compatible),
				 0);
		nr++;
	}
	assert_true(nr > 0);
	assert_int_equal(nr_absent, 6); /* the rival's, slow-path's */
	fake_vm_free(f);
}

TEST(machine_has_every_vcpu_with_its_place)
{
	struct fake_vm *f = with_params(MAX_VCPUS);
	const void *fdt = build(f);
	uint32_t nr = 0;
	int at;

	fdt_for_each_subnode (at, fdt, node(fdt, "/cpus")) {
		assert_int_equal(cell32(fdt, at, "reg"), nr);
		assert_int_equal(cell32(fdt, at, "latvisor,host-cpu"), nr + 5);
		assert_int_equal(cell32(fdt, at, "latvisor,priority"), 80);
		nr++;
	}
	assert_int_equal(nr, MAX_VCPUS);
	fake_vm_free(f);
}

TEST(machine_with_the_most_of_everything_fits)
{
	struct fake_vm *f = fake_vm_new(RAM_LEN, MAX_VCPUS);

	for (unsigned int i = 0; i < PAYLOAD_MAX_PARAMS; i++) {
		struct param_desc *d = &f->setup.image.note.params[i];

		memset(d->name, 'a' + (int)i, sizeof(d->name) - 1);
		d->kind = PARAM_RANGE;
	}
	f->vm.lazy = (struct ram){.gpa = LAYOUT_LAZY, .len = 4096};
	/* Room for about as much again: more devices, more properties. */
	assert_in_range(fdt_totalsize(build(f)), 1, LAYOUT_FDT_LEN / 2);
	fake_vm_free(f);
}

TEST(machine_tells_the_irqchip_and_the_pages)
{
	struct fake_vm *f = with_params(1);
	const void *fdt;
	int at;

	f->config.machine.irqchip = IRQCHIP_NONE;
	f->config.machine.page_len = 2 << 20;
	fdt = build(f);
	at = node(fdt, "/hypervisor");
	assert_string_equal(fdt_getprop(fdt, at, "irqchip", NULL), "none");
	assert_int_equal(cell(fdt, at, "page-size", 0), 2 << 20);
	fake_vm_free(f);
}

/* 4.3 GHz is where 32 bits end; the specification allows 64. */
TEST(machine_timebase_holds_a_5_ghz_clock)
{
	struct fake_vm *f = with_params(1);
	const void *fdt, *p;
	int at, len;

	f->vm.tsc_khz = 5000000;
	fdt = build(f);
	at = node(fdt, "/cpus");
	p = fdt_getprop(fdt, at, "timebase-frequency", &len);
	assert_non_null(p);
	assert_true(len == 4 || len == 8);
	assert_int_equal(len == 8 ? fdt64_ld(p) : fdt32_ld(p), 5000000000);
	fake_vm_free(f);
}

TEST(machine_writes_the_same_tree_to_a_file)
{
	char path[] = "/tmp/latvisor-unit-XXXXXX";
	int fd = mkstemp(path);
	struct fake_vm *f = with_params(2);
	static char file[LAYOUT_FDT_LEN + 1];
	const void *fdt;

	assert_true(fd >= 0);
	close(fd);
	f->config.output.dtb = path;
	fdt = build(f);
	/* Another file is there now. */
	fd = open(path, O_RDONLY);
	assert_int_equal(read(fd, file, sizeof(file)), fdt_totalsize(fdt));
	assert_memory_equal(file, fdt, fdt_totalsize(fdt));
	close(fd);
	unlink(path);
	fake_vm_free(f);
}

static void build_arg(void *arg)
{
	struct fake_vm *f = arg;

	machine_build(&f->vm, &f->setup);
}

/* A disk that takes so many bytes and no more. */
static void build_on_a_full_disk(void *arg)
{
	const struct rlimit limit = {.rlim_cur = 1000, .rlim_max = 1000};

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	build_arg(arg);
}

TEST(machine_that_cannot_be_written_is_told)
{
	struct fake_vm *f = with_params(1);
	char dir[] = "/tmp/latvisor-machine-XXXXXX";
	char path[64];

	assert_non_null(mkdtemp(dir));

	f->config.output.dtb = "/nowhere/machine.dtb";
	assert_dies(build_arg, f,
		    "cannot write the device tree to /nowhere/machine.dtb: No "
		    "such file");
	snprintf(path, sizeof(path), "%s/machine.dtb", dir);
	f->config.output.dtb = path;
	assert_dies(build_on_a_full_disk, f, "machine.dtb: ");
	/* Nothing is left behind. */
	assert_int_equal(rmdir(dir), 0);
	fake_vm_free(f);
}
