/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device.h - all that a file in devices/ sees of the vmm.
 *
 * A device is a range on a bus, a function and, if it needs one, a state for
 * each VM.  DEVICE() puts it into a linker set; the vmm finds it there and
 * nowhere else.
 */
#ifndef VMM_DEVICE_H
#define VMM_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest-firmware/abi/boot.h"
#include "guest-firmware/abi/layout.h"

struct vcpu;
struct vm;

enum device_bus {
	BUS_PIO,
	BUS_MMIO,
	BUS_MSR,
	NR_BUSES,
};

/*
 * Where accesses are handled, flags.  None of them: on the vCPU's thread, which
 * is the shortest way once the guest was left.
 */
enum device_where {
	DEVICE_INLINE = 0,
	/*
	 * By KVM, without an exit to userspace: writes of len bytes to base.
	 * They are only counted (device_kernel_writes()); KVM answers no read.
	 * All other accesses come to the vCPU's thread.
	 */
	DEVICE_KERNEL = 1 << 0,
	/*
	 * On the VM's helper thread, one for all devices, while the vCPU's
	 * waits.  It is an ordinary thread on a housekeeping CPU; where none is
	 * left, it is on the last vCPU's, one priority above, as the main one.
	 */
	DEVICE_HELPER = 1 << 1,
	/* With the VM's lock for devices held, one for all of them. */
	DEVICE_LOCKED = 1 << 2,
};

struct io_access {
	uint64_t addr; /* port, gpa or MSR */
	uint32_t len;  /* bytes: 1, 2, 4 or 8 */
	bool is_write;
	uint64_t value; /* written by the guest, or for it to read */
};

/* A figure that the result shows for a device. */
struct device_stat {
	char name[24];	/* [a-z_]: a key of the result file */
	bool is_cycles; /* of the TSC; else a plain number */
	uint64_t value;
};
#define DEVICE_MAX_STATS 8

struct device {
	const char *name; /* node name in the device tree, "latvisor,NAME" */
	enum device_bus bus;
	uint64_t base, len;
	uint32_t payload_flag; /* PAYLOAD_*: there only for payloads that have
				* it; 0: always there */
	size_t state_len;      /* bytes of device_state(); 0: it has none */
	unsigned int where;    /* DEVICE_* */
	/*
	 * On the vCPU's thread, at real-time priority, between two KVM_RUNs:
	 * no lock, no allocation.  false: the guest must not do that.  With
	 * .where on another thread, or with the lock: not long, for vCPUs wait,
	 * and with DEVICE_HELPER nothing that is for the vCPU's own thread.
	 */
	bool (*access)(struct vcpu *vcpu, struct io_access *io);
	/*
	 * The rest is optional and on the main thread.  state: device_state().
	 *
	 * Before the VM exists: what the host lacks, for "PAYLOAD needs ...",
	 * which makes the run a SKIP; NULL: nothing.
	 */
	const char *(*lacks)(const struct vm *vm);
	/* The VM and its vCPUs are there and do not run.  May die. */
	void (*create)(struct vm *vm, void *state);
	/*
	 * A restart: the VM was destroyed and is not yet created anew.  What
	 * state has to begin with, but for its statistics.
	 */
	void (*reset)(void *state);
	/* A vCPU's thread has called vm_request(), some time ago maybe. */
	void (*serve)(struct vm *vm, void *state);
	/*
	 * The vCPUs are at their end: nothing of the device may run after
	 * this.  False: something still does, and may use state.
	 */
	bool (*quiesce)(void *state);
	/* Gives up what create() made.  state stays. */
	void (*destroy)(void *state);
	/* Its statistics, after quiesce(); how many, DEVICE_MAX_STATS at most.
	 */
	unsigned int (*stats)(const void *state, struct device_stat *out);
};

#define DEVICE(sym, ...)                                              \
	static const struct device sym = {.name = #sym, __VA_ARGS__}; \
	static const struct device *const sym##_entry                 \
		__attribute__((section("devices"), used, retain)) = &sym

extern const struct device *const __start_devices[];
extern const struct device *const __stop_devices[];

#define for_each_device(pos)                                    \
	for (const struct device *const *pos = __start_devices; \
	     pos != __stop_devices; pos++)

/*
 * What a device may ask of its machine, on any thread: nothing of it changes
 * from create() to destroy().  vm_tsc_khz() is that of the guest's TSC.
 */
struct vm *vcpu_vm(const struct vcpu *vcpu);
uint32_t vm_nr_vcpus(const struct vm *vm);
uint64_t vm_tsc_khz(const struct vm *vm);
bool vm_has_lapic(const struct vm *vm);

/*
 * The state of a device in this VM: state_len bytes that were zero at first and
 * live as long as the run.  NULL: the payload did not ask for the device.
 */
void *device_state(const struct vm *vm, const struct device *device);

/*
 * The host address of len bytes of guest memory, or NULL when they are not
 * all inside one piece of RAM.  The only way to guest memory.  The guest may
 * write to it at any time: read each field once.
 */
void *vm_hva(const struct vm *vm, gpa_t gpa, uint64_t len);

/* The main thread will call serve() of every device, soon.  False: it cannot.
 */
bool vm_request(const struct vm *vm);

/*
 * On the main thread: for how many ns it has no time for the guest, which has
 * had its share (pace.h).  Until then a device leaves out what it can, and
 * counts that.  serve() is not called before.
 */
uint64_t vm_wait_ns(const struct vm *vm);

/* The host's clock, which is the guest's too, in cycles. */
static inline uint64_t device_tsc(void)
{
	return __builtin_ia32_rdtsc();
}

/*
 * A timer of the host: fire(vm, state) on the main thread.  new dies, and is
 * for create().
 */
struct device_timer;
struct device_timer *device_timer_new(struct vm *vm,
				      void (*fire)(struct vm *vm, void *state),
				      void *state);
void device_timer_free(struct device_timer *t);
/* In ns from now, on CLOCK_MONOTONIC; returns that moment on the TSC. */
uint64_t device_timer_arm(struct device_timer *t, uint64_t ns);
void device_timer_stop(struct device_timer *t);
bool device_timer_is_armed(const struct device_timer *t);

/* What has to be said against such interrupts, for lacks(); NULL: nothing. */
const char *device_irq_lacks(const struct vm *vm);

/*
 * A message-signalled interrupt, by an eventfd of KVM: no vCPU has to exit.
 * new dies, and is for create() of a VM with a local APIC; route says where it
 * goes, a fixed interrupt.  0, or -errno.
 */
struct device_irq;
struct device_irq *device_irq_new(struct vm *vm);
void device_irq_free(struct device_irq *irq);
int device_irq_route(struct device_irq *irq, uint32_t vcpu, uint32_t vector);
int device_irq_fire(const struct device_irq *irq);

/*
 * A thread on a vCPU's CPU, at SCHED_FIFO, below the vCPUs' priority by that
 * much: it sleeps until post, then calls work(state).  new dies, and is for
 * create(); stop joins it, false: it does not come to its end within a second.
 */
struct device_worker;
const char *device_worker_lacks(const struct vm *vm, int below);
struct device_worker *device_worker_new(struct vm *vm, uint32_t vcpu, int below,
					void (*work)(void *state), void *state);
bool device_worker_post(const struct device_worker *w);
bool device_worker_stop(struct device_worker *w);
void device_worker_free(struct device_worker *w);
int device_worker_cpu(const struct device_worker *w);
int device_worker_priority(const struct device_worker *w);

/* Of a VM that has a device with .where; on any thread. */

/* How many writes KVM has taken for a device with DEVICE_KERNEL. */
uint64_t device_kernel_writes(const struct vm *vm, const struct device *device);

/* What the helper thread did, and where it is. */
struct helper_counts {
	uint64_t handled;   /* accesses */
	uint64_t contended; /* of these, those that had to wait for the lock */
	int cpu, priority;  /* priority: of SCHED_FIFO; 0: none */
};
struct helper_counts vm_helper_counts(const struct vm *vm);

/*
 * With the lock held: waits until the helper thread wants it, so many us at
 * most.  False: it did not, or the run ends.
 */
bool vm_lock_wanted(const struct vm *vm, uint32_t us);

/*
 * Puts the vCPU's own thread that much below --prio, on that thread.  False:
 * the host refuses.
 */
bool vcpu_set_priority(struct vcpu *vcpu, int below);

/*
 * Does the vCPU rest, by KVM's word, since the last time that this was true?
 * rest: enum vcpu_rest.  Also true where this KVM does not tell.  One that may
 * poll must be asked once for each of its halts.
 */
bool vm_vcpu_rests(const struct vm *vm, uint32_t vcpu, uint32_t rest);

/* Services of devices/control.c, on the vCPU's own thread. */

/* Takes a snapshot of this vCPU's counts; false: no such window. */
bool vcpu_window(struct vcpu *vcpu, uint32_t window, bool begin);

/*
 * Makes lazy RAM behind its middle present on the host, LAZY_POPULATE_MAX
 * bytes at most; KVM has not mapped it into the guest then.  Each of these
 * three is done once in a run; false: it was, or there is no such memory.
 */
bool vcpu_populate(struct vcpu *vcpu);

/* KVM logs writes to lazy RAM from now on. */
bool vcpu_log_dirty(struct vcpu *vcpu);

/* How many pages are in that log, to be compared with the guest's count. */
bool vcpu_count_dirty(struct vcpu *vcpu, uint64_t guest_count);

/*
 * Waits for the other vCPU to rest, half a second at most: who asks finds out
 * later, by KVM's counts.  False: no such vCPU, or the same one.
 */
bool vcpu_await_rest(struct vcpu *vcpu, uint32_t other, uint32_t rest);

/* This vCPU leaves the guest for good; the others go on. */
void vcpu_park(struct vcpu *vcpu);

/* The guest is done; the run ends. */
void vcpu_done(struct vcpu *vcpu);

/*
 * A sample of that metric is above --break-at; the run ends, unless more of
 * them are wanted (--continue).  False: no such metric, or nobody asked.
 */
bool vcpu_break(struct vcpu *vcpu, uint32_t metric);

/* The guest reported a trap that it did not expect; the run ends as CRASH. */
void vcpu_panic(struct vcpu *vcpu);

#endif
