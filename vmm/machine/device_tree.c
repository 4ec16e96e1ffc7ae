/* SPDX-License-Identifier: BSD-2-Clause */
/* device_tree.c - see device_tree.h; docs/abi.md describes the nodes. */
#include <libfdt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/atomic_file.h"
#include "vmm/base/die.h"
#include "vmm/host/host.h"
#include "vmm/machine/device_tree.h"
#include "vmm/machine/devices.h"

struct tree_writer {
	void *fdt;
	int err; /* the first of them; later calls change nothing */
};

static void keep(struct tree_writer *t, int err)
{
	if (t->err == 0)
		t->err = err;
}

static void put_u64(struct tree_writer *t, const char *name, uint64_t value)
{
	keep(t, fdt_property_u64(t->fdt, name, value));
}

static void put_u32(struct tree_writer *t, const char *name, uint32_t value)
{
	keep(t, fdt_property_u32(t->fdt, name, value));
}

static void put_string(struct tree_writer *t, const char *name,
		       const char *value)
{
	keep(t, fdt_property_string(t->fdt, name, value));
}

static void put_reg(struct tree_writer *t, uint64_t base, uint64_t len)
{
	fdt64_t reg[2] = {cpu_to_fdt64(base), cpu_to_fdt64(len)};

	keep(t, fdt_property(t->fdt, "reg", reg, sizeof(reg)));
}

static void begin(struct tree_writer *t, const char *name)
{
	keep(t, fdt_begin_node(t->fdt, name));
}

static void begin_at(struct tree_writer *t, const char *name, uint64_t unit)
{
	char full[64];

	snprintf(full, sizeof(full), "%s@%jx", name, (uintmax_t)unit);
	begin(t, full);
}

static void end(struct tree_writer *t)
{
	keep(t, fdt_end_node(t->fdt));
}

/* First of all nodes: the guest reads it, and walks the tree in order. */
static void put_chosen(struct tree_writer *t, const struct run_setup *setup)
{
	begin(t, "chosen");
	begin(t, "parameters");
	for (unsigned int i = 0; i < params_count(&setup->image.note); i++) {
		const struct param_desc *d = &setup->image.note.params[i];
		fdt64_t cells[2] = {cpu_to_fdt64(setup->params[i].lo),
				    cpu_to_fdt64(setup->params[i].hi)};

		keep(t, fdt_property(t->fdt, d->name, cells,
				     d->kind == PARAM_RANGE ? 16 : 8));
	}
	end(t);
	end(t);
}

static uint32_t host_parameter(const char *path)
{
	int64_t value = host_number(path, 0);

	return value > 0 && value <= UINT32_MAX ? (uint32_t)value : 0;
}

static void put_hypervisor(struct tree_writer *t, const struct vm *vm)
{
	begin(t, "hypervisor");
	put_string(t, "compatible", "latvisor,kvm");
	put_string(t, "irqchip", irqchip_name(vm->config->machine.irqchip));
	put_u64(t, "page-size", vm->config->machine.page_len);
	/* A periodic APIC timer below it is slowed down by KVM. */
	put_u32(t, "min-timer-period-us",
		host_parameter(
			"/sys/module/kvm/parameters/min_timer_period_us"));
	put_u32(t, "tick-ns", host_tick_ns());
	end(t);
}

static void put_cpus(struct tree_writer *t, const struct vm *vm,
		     const struct run_setup *setup)
{
	begin(t, "cpus");
	put_u32(t, "#address-cells", 1);
	put_u32(t, "#size-cells", 0);
	put_u64(t, "timebase-frequency", vm->tsc_khz * 1000);
	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		begin_at(t, "cpu", i);
		put_string(t, "device_type", "cpu");
		put_u32(t, "reg", i);
		put_u32(t, "latvisor,host-cpu",
			(uint32_t)setup->placement.cpu[i]);
		put_u32(t, "latvisor,priority",
			(uint32_t)placement_policy(&vm->config->placement, i)
				.prio);
		end(t);
	}
	end(t);
}

static void put_memory(struct tree_writer *t, const char *name,
		       const struct ram *ram)
{
	if (!ram->len)
		return;
	begin_at(t, name, ram->gpa);
	put_string(t, "device_type", "memory");
	put_reg(t, ram->gpa, ram->len);
	end(t);
}

/* A device needs no more of a node than its name, its bus and its range. */
static void put_devices(struct tree_writer *t, const struct vm *vm,
			enum device_bus bus, const char *name)
{
	char compatible[64];

	begin(t, name);
	put_u32(t, "#address-cells", 2);
	put_u32(t, "#size-cells", 2);
	for_each_device (d) {
		if ((*d)->bus != bus || !devices_has(vm, *d))
			continue;
		snprintf(compatible, sizeof(compatible), "latvisor,%s",
			 (*d)->name);
		begin_at(t, (*d)->name, (*d)->base);
		put_string(t, "compatible", compatible);
		put_reg(t, (*d)->base, (*d)->len);
		end(t);
	}
	end(t);
}

/* The whole of it or nothing, as a result. */
static void dump(const char *path, const void *fdt, uint64_t len)
{
	struct atomic_file f;
	int err = atomic_file_open(&f, path);

	if (err == 0)
		err = atomic_file_close(&f,
					write(f.fd, fdt, len) == (ssize_t)len);
	if (err)
		die("cannot write the device tree to %s: %s", path,
		    strerror(-err));
}

uint64_t machine_build(struct vm *vm, const struct run_setup *setup)
{
	struct tree_writer t = {.fdt = vm_hva(vm, LAYOUT_FDT, LAYOUT_FDT_LEN)};

	keep(&t, fdt_create(t.fdt, LAYOUT_FDT_LEN));
	keep(&t, fdt_finish_reservemap(t.fdt));
	begin(&t, "");
	put_string(&t, "compatible", "latvisor,vm");
	put_u32(&t, "#address-cells", 2);
	put_u32(&t, "#size-cells", 2);
	put_chosen(&t, setup);
	put_hypervisor(&t, vm);
	put_cpus(&t, vm, setup);
	put_memory(&t, "memory", &vm->ram);
	put_memory(&t, "lazy-memory", &vm->lazy);
	put_devices(&t, vm, BUS_PIO, "ports");
	put_devices(&t, vm, BUS_MMIO, "mmio");
	put_devices(&t, vm, BUS_MSR, "msrs");
	end(&t);
	keep(&t, fdt_finish(t.fdt));
	if (t.err)
		die("cannot build the device tree: %s", fdt_strerror(t.err));
	if (vm->config->output.dtb)
		dump(vm->config->output.dtb, t.fdt, fdt_totalsize(t.fdt));
	return fdt_totalsize(t.fdt);
}
