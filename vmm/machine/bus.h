/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bus.h - finds the device behind a port, an address or an MSR.  Built and
 * sealed before the first vCPU runs, so the exit path takes no lock.
 */
#ifndef VMM_MACHINE_BUS_H
#define VMM_MACHINE_BUS_H

#include <stddef.h>
#include <stdint.h>

#include "vmm/device.h"

#define BUS_MAX_REGIONS 16

struct bus_region {
	uint64_t base; /* first port, gpa or MSR */
	uint64_t len;
	const struct device *device;
};

struct bus {
	struct bus_region regions[BUS_MAX_REGIONS]; /* sorted by base */
	size_t nr_regions;
};

/*
 * Adds a device's range.  NULL, or the device that already has a part of it;
 * the device itself when its range is empty, wraps, or the bus is full.
 */
const struct device *bus_add(struct bus *bus, const struct device *device);

/* The device that has all of [addr, addr + len), or NULL.  len > 0. */
const struct device *bus_find(const struct bus *bus, uint64_t addr,
			      uint64_t len);

#endif
