/* SPDX-License-Identifier: BSD-2-Clause */
/* create.c - the KVM objects of a VM, in the order that start-up time wants. */
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "guest-firmware/abi/console.h"
#include "vmm/base/die.h"
#include "vmm/base/timeline.h"
#include "vmm/machine/device_tree.h"
#include "vmm/machine/devices.h"
#include "vmm/machine/vcpu.h"
#include "vmm/machine/vm.h"
#include "vmm/machine/x86_boot.h"
#include "vmm/setup/setup.h"

#define SPLIT_IRQCHIP_PINS 24 /* routes for ioapic pins; none is used */

int vm_set_memslot(const struct vm *vm, uint32_t slot, const struct ram *ram,
		   uint32_t flags)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.flags = flags,
		.guest_phys_addr = ram->gpa,
		.memory_size = ram->len,
		.userspace_addr = (uintptr_t)ram->hva,
	};

	return __kvm_ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region);
}

void vm_sync_clock(const struct vm *vm)
{
	struct kvm_clock_data now = {.flags = 0}, then = {.flags = 0};

	if (__kvm_ioctl(vm->fd, KVM_GET_CLOCK, &now) < 0)
		return;
	then.clock = now.clock;
	__kvm_ioctl(vm->fd, KVM_SET_CLOCK, &then);
}

static void add_memory(const struct vm *vm, uint32_t slot,
		       const struct ram *ram)
{
	int err = ram->len ? vm_set_memslot(vm, slot, ram, 0) : 0;

	if (err < 0)
		die("KVM_SET_USER_MEMORY_REGION of %ju KiB: %s",
		    (uintmax_t)ram->len >> 10, strerror(-err));
}

static void create_irqchip(struct vm *vm)
{
	struct kvm_enable_cap split = {
		.cap = KVM_CAP_SPLIT_IRQCHIP,
		.args = {SPLIT_IRQCHIP_PINS},
	};

	switch (vm->config->machine.irqchip) {
	case IRQCHIP_SPLIT:
		kvm_ioctl(vm->fd, KVM_ENABLE_CAP, &split);
		break;
	case IRQCHIP_KERNEL:
		kvm_ioctl(vm->fd, KVM_CREATE_IRQCHIP, NULL);
		break;
	case IRQCHIP_NONE:
		break;
	}
}

/*
 * Only for a payload that asks: KVM_X86_SET_MSR_FILTER waits for an SRCU
 * grace period, 17 ms where this was measured.
 * The doorbell's MSRs come to userspace; every other unknown MSR gives the
 * guest #GP, which the firmware reports (KVM_X86_SET_MSR_FILTER,
 * Documentation/virt/kvm/api.rst 4.97; a clear bit is a filtered MSR).
 */
static void filter_msrs(struct vm *vm)
{
	unsigned char none[(MSR_DOORBELL_NR + 7) / 8] = {0};
	struct kvm_enable_cap to_user = {
		.cap = KVM_CAP_X86_USER_SPACE_MSR,
		.args = {KVM_MSR_EXIT_REASON_FILTER},
	};
	struct kvm_msr_filter filter = {
		.flags = KVM_MSR_FILTER_DEFAULT_ALLOW,
		.ranges[0] =
			{
				.flags = KVM_MSR_FILTER_READ |
					 KVM_MSR_FILTER_WRITE,
				.nmsrs = MSR_DOORBELL_NR,
				.base = MSR_DOORBELL,
				.bitmap = none,
			},
	};

	kvm_ioctl(vm->fd, KVM_ENABLE_CAP, &to_user);
	kvm_ioctl(vm->fd, KVM_X86_SET_MSR_FILTER, &filter);
}

/* Before the first vCPU: Documentation/virt/kvm/api.rst 7.13 and 7.21. */
static void set_modes(struct vm *vm)
{
	struct kvm_enable_cap exits = {
		.cap = KVM_CAP_X86_DISABLE_EXITS,
		.args = {vm->config->machine.disable_exits},
	};
	struct kvm_enable_cap poll = {
		.cap = KVM_CAP_HALT_POLL,
		.args = {(uint64_t)vm->config->machine.halt_poll_ns},
	};

	if (vm->config->machine.disable_exits)
		kvm_ioctl(vm->fd, KVM_ENABLE_CAP, &exits);
	if (vm->config->machine.halt_poll_ns >= 0)
		kvm_ioctl(vm->fd, KVM_ENABLE_CAP, &poll);
}

/* --break-at in cycles, rounded down but never to 0, which means none. */
static uint64_t break_tsc(const struct vm *vm)
{
	const struct config *c = vm->config;
	uint64_t tsc =
		(uint64_t)((__uint128_t)c->break_at_ns * vm->tsc_khz / 1000000);

	if (c->break_at_cycles)
		return c->break_at_cycles;
	return c->break_at_ns && tsc == 0 ? 1 : tsc;
}

static void write_boot_record(struct vm *vm, uint64_t fdt_len,
			      uint64_t resume_step)
{
	struct boot_record *boot = vm_hva(vm, LAYOUT_BOOT, sizeof(*boot));

	*boot = (struct boot_record){
		.magic = BOOT_MAGIC,
		.abi_version = ABI_VERSION,
		.flags = vm->boot_flags,
		.nr_vcpus = vm->nr_vcpus,
		.tsc_khz = vm->tsc_khz,
		.apic_hz = APIC_HZ,
		.fdt = LAYOUT_FDT,
		.fdt_len = fdt_len,
		.vcpu_area = vm->vcpu_area,
		.heap = vm->heap,
		.heap_len = vm->heap_len,
		.lazy = vm->lazy.gpa,
		.lazy_len = vm->lazy.len,
		.resume_step = resume_step,
		.break_at = vm->break_tsc,
		.raw = vm->raw,
		.raw_rings = vm->raw ? vm->nr_windows : 0,
		.raw_entries = vm->raw_entries,
	};
}

/* again: on a restart.  RAM but for the results and the heap is as new. */
static void load_image(struct vm *vm, bool again)
{
	if (again) {
		struct console *console;

		devices_reset(vm);
		/* The new VM's slot logs nothing yet. */
		if (!atomic_load(&vm->lazy_log.counted))
			atomic_store(&vm->lazy_log.logging, false);

		memset(vm_hva(vm, LAYOUT_IMAGE, vm->heap - LAYOUT_IMAGE), 0,
		       vm->heap - LAYOUT_IMAGE);
		/* KVM begins to count anew as well. */
		memset(vm_result(vm)->counts, 0, sizeof(vm_result(vm)->counts));
		vm_result(vm)->boot_tsc = 0;
		/* The vCPU that held its lock is gone. */
		console = vm_hva(vm, LAYOUT_CONSOLE, sizeof(*console));
		console->lock = 0;
	}
	for (unsigned int i = 0; i < vm->image->nr_segments; i++) {
		const struct segment *s = &vm->image->segments[i];

		memcpy(vm_hva(vm, s->gpa, s->mem_len), s->data, s->file_len);
	}
}

/* Any signal, SIGCONT too, ends its mm_take_all_locks(). */
static int create_vm(const struct vm *vm)
{
	int fd;

	do
		fd = __kvm_ioctl(vm->kvm.fd, KVM_CREATE_VM, NULL);
	while (fd == -EINTR);
	if (fd < 0)
		die("KVM_CREATE_VM failed: %s", strerror(-fd));
	return fd;
}

void vm_create(struct vm *vm, const struct run_setup *setup,
	       uint64_t resume_step, bool again)
{
	uint64_t fdt_len;

	vm->fd = create_vm(vm);
	timeline_mark("KVM_CREATE_VM");
	/*
	 * Memory before the irqchip: each device that KVM_CREATE_IRQCHIP puts
	 * on a bus ends in an SRCU callback, and a memory slot set after it
	 * waits for them, 4 to 9 ms; docs/architecture.md has the figures.
	 */
	add_memory(vm, 0, &vm->ram);
	add_memory(vm, LAZY_SLOT, &vm->lazy);
	timeline_mark("memory slots");
	create_irqchip(vm);
	set_modes(vm);
	timeline_mark("irqchip");
	if (vm->image->note.flags & PAYLOAD_MSR_DEVICE)
		filter_msrs(vm);
	timeline_mark("MSR filter");
	atomic_store(&vm->stop, false);
	vm->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (vm->event_fd < 0)
		die_errno("cannot create an eventfd");
	vcpus_create(vm);
	devices_create(vm);
	vm->break_tsc = break_tsc(vm);
	load_image(vm, again);
	x86_build_page_tables(vm);
	fdt_len = machine_build(vm, setup);
	write_boot_record(vm, fdt_len, resume_step);
	timeline_mark("image, page tables, device tree");
}

void vm_destroy(struct vm *vm)
{
	vcpus_destroy(vm);
	devices_destroy(vm);
	close(vm->event_fd);
	close(vm->fd);
}
