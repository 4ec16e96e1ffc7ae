/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device.h - all that a file in devices/ sees of the vmm.
 *
 * A device is a range on a bus and a function.  DEVICE() puts it into a
 * linker set; the vmm finds it there and nowhere else.
 */
#ifndef VMM_DEVICE_H
#define VMM_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "guest-firmware/abi/boot.h"
#include "guest-firmware/abi/layout.h"

struct vcpu;

enum device_bus {
	BUS_PIO,
	BUS_MMIO,
	BUS_MSR,
	NR_BUSES,
};

struct io_access {
	uint64_t addr; /* port, gpa or MSR */
	uint32_t len;  /* bytes: 1, 2, 4 or 8 */
	bool is_write;
	uint64_t value; /* written by the guest, or for it to read */
};

struct device {
	const char *name; /* node name in the device tree, "latvisor,NAME" */
	enum device_bus bus;
	uint64_t base, len;
	/*
	 * On the vCPU's thread, at real-time priority, between two KVM_RUNs:
	 * no lock, no allocation.  false: the guest must not do that.
	 */
	bool (*access)(struct vcpu *vcpu, struct io_access *io);
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

/* Services.  All on the vCPU's own thread.  First for devices/control.c. */

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

/* This vCPU leaves the guest for good; the others go on. */
void vcpu_park(struct vcpu *vcpu);

/* The guest is done; the run ends. */
void vcpu_done(struct vcpu *vcpu);

/*
 * A sample of that metric is above --break-at; the run ends.  False: no such
 * metric, or nobody asked.
 */
bool vcpu_break(struct vcpu *vcpu, uint32_t metric);

/* The guest reported a trap that it did not expect; the run ends as CRASH. */
void vcpu_panic(struct vcpu *vcpu);

/*
 * For devices/pulse.c.  Asks the main thread to start the pulses of the struct
 * pulse at gpa, or to stop them when gpa is 0.  False: nothing to share is
 * there, or the payload did not ask for pulses.
 */
bool vcpu_pulse(struct vcpu *vcpu, gpa_t gpa);

/*
 * For devices/prio.c.  All false when the payload did not ask for a rival.
 * Puts this vCPU's thread above the rival, or below it.
 */
bool vcpu_boost(struct vcpu *vcpu, bool on);

/* The rival burns that many us of its CPU; false: 0 of them. */
bool vcpu_rival(struct vcpu *vcpu, uint32_t burst_us);

/* How many times it has. */
bool vcpu_rival_bursts(struct vcpu *vcpu, uint64_t *bursts);

#endif
