/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm.h - one virtual machine: its memory, its buses, its vCPUs.
 *
 * The memory outlives the KVM objects: after a step that never returned the
 * VM is made anew around the same RAM, and what was measured is still there.
 */
#ifndef VMM_MACHINE_VM_H
#define VMM_MACHINE_VM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "guest-firmware/abi/boot.h"
#include "guest-firmware/abi/hist.h"
#include "guest-firmware/abi/result.h"
#include "vmm/device.h"
#include "vmm/host/kvm.h"
#include "vmm/host/kvm_stats.h"
#include "vmm/host/msr_counts.h"
#include "vmm/machine/bus.h"
#include "vmm/machine/pace.h"
#include "vmm/machine/sources.h"
#include "vmm/payload/image.h"
#include "vmm/setup/config.h"

/* KVM's APIC timer counts nanoseconds: KVM_CAP_X86_APIC_BUS_CYCLES_NS in
 * Documentation/virt/kvm/api.rst says 1 ns is the default. */
#define APIC_HZ 1000000000ull

/* For <sys/mman.h>: Linux 5.14, as the binary statistics. */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

struct ram {
	gpa_t gpa;
	uint64_t len; /* bytes; 0: there is none */
	unsigned char *hva;
	int fd;	      /* memfd */
	int bind_err; /* why it is not bound to its nodes, -errno; or 0 */
};

struct helper;
struct placement;
struct run_setup;
struct vcpu;

/* Of all devices together. */
#define VM_MAX_DEVICES 32
#define VM_MAX_IRQS    8
#define VM_MAX_WORKERS 8

/* vm->lazy as KVM's memory slot. */
#define LAZY_SLOT 1

/* What the guest had done to its lazy RAM: lazy.c. */
struct lazy_log {
	/* Each is done once, by the first vCPU that asks. */
	atomic_bool populated, logging, counted;
	uint64_t *bitmap;    /* a bit a page of 4 KiB; NULL: no lazy RAM */
	atomic_bool is_done; /* the vCPU has written what follows */
	uint32_t vcpu;
	uint64_t guest_count, host_count;
};

struct vm {
	struct kvm kvm;
	const struct config *config;
	const struct image *image;
	const struct placement *placement;
	int fd;
	struct ram ram;	 /* locked, every page present */
	struct ram lazy; /* no page present before the guest touches it */
	struct lazy_log lazy_log;
	struct bus bus[NR_BUSES];
	uint32_t nr_vcpus;
	uint32_t nr_windows; /* that the payload is likely to use */
	struct vcpu *vcpus;  /* nr_vcpus of them */
	struct stats_layout stats;
	struct msr_events msr_events; /* PAYLOAD_COUNTS_MSRS */
	uint32_t boot_flags;	      /* BOOT_* */
	uint64_t tsc_khz;
	uint64_t break_tsc;    /* --break-at in cycles; 0: none */
	atomic_uint nr_breaks; /* samples above it that vCPUs have told of */
	gpa_t vcpu_area, heap;
	uint64_t heap_len;
	gpa_t raw;	      /* rings behind the heap, abi/raw.h; 0: none */
	uint32_t raw_entries; /* of a ring; there is one a window */
	atomic_bool stop;     /* main thread: vCPUs leave the guest */
	_Atomic uint64_t main_turns; /* main thread: odd while it sleeps */
	struct pace pace;	     /* main thread: what the guest had of it */
	int event_fd; /* vCPU threads: somebody left the guest, or asks */
	struct sources sources;
	struct device_irq *irqs[VM_MAX_IRQS]; /* NULL: free */
	struct device_worker *workers[VM_MAX_WORKERS];
	void *device_state[VM_MAX_DEVICES]; /* devices.h; NULL: none */
	struct helper *helper; /* NULL: no device is handled elsewhere */
	struct kernel_writes *kernel_writes; /* the same: DEVICE_KERNEL */
};

/* Chooses where everything lies and allocates the RAM.  Dies on bad input. */
void vm_memory(struct vm *vm);

/*
 * A part of vm_memory(): the number and the length of the rings of --raw, from
 * nr_windows.
 */
void vm_size_rings(struct vm *vm);

/*
 * Creates the KVM objects around the RAM, and loads the image.  again: on a
 * restart, when all of RAM but the results is made as new; resume_step: then
 * the first step to run, else 0.  Dies.
 */
void vm_create(struct vm *vm, const struct run_setup *setup,
	       uint64_t resume_step, bool again);

/* Destroys the KVM objects; the RAM stays. */
void vm_destroy(struct vm *vm);

/*
 * Sets the clock that guests can ask KVM for to what it is: each vCPU is kicked
 * and has its clock updated (Documentation/virt/kvm/api.rst 4.30).
 */
void vm_sync_clock(const struct vm *vm);

/*
 * Tells KVM about a piece of RAM, or changes its flags (KVM_MEM_*).  0, or
 * -errno.
 */
int vm_set_memslot(const struct vm *vm, uint32_t slot, const struct ram *ram,
		   uint32_t flags);

/* Frees the RAM. */
void vm_free_memory(struct vm *vm);

/* A histogram, where the guest says that it is; NULL: it cannot be there. */
static inline const struct hist *vm_hist(const struct vm *vm, gpa_t gpa)
{
	return gpa % _Alignof(struct hist)
		       ? NULL
		       : vm_hva(vm, gpa, sizeof(struct hist));
}

/* The result area; always there. */
static inline struct result_area *vm_result(const struct vm *vm)
{
	return vm_hva(vm, LAYOUT_RESULT, sizeof(struct result_area));
}

#endif
