/* SPDX-License-Identifier: BSD-2-Clause */
/* bus.c - see bus.h. */
#include "vmm/machine/bus.h"

static int overlaps(const struct bus_region *r, const struct device *d)
{
	/* Subtractions only: neither range wraps, but base + len may. */
	return r->base < d->base ? d->base - r->base < r->len
				 : r->base - d->base < d->len;
}

const struct device *bus_add(struct bus *bus, const struct device *device)
{
	size_t at = bus->nr_regions;

	if (device->len == 0 || device->base + (device->len - 1) < device->base)
		return device;
	if (bus->nr_regions == BUS_MAX_REGIONS)
		return device;
	for (size_t i = 0; i < bus->nr_regions; i++)
		if (overlaps(&bus->regions[i], device))
			return bus->regions[i].device;
	for (; at > 0 && bus->regions[at - 1].base > device->base; at--)
		bus->regions[at] = bus->regions[at - 1];
	bus->regions[at] = (struct bus_region){
		.base = device->base,
		.len = device->len,
		.device = device,
	};
	bus->nr_regions++;
	return NULL;
}

const struct device *bus_find(const struct bus *bus, uint64_t addr,
			      uint64_t len)
{
	size_t lo = 0, hi = bus->nr_regions;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct bus_region *r = &bus->regions[mid];

		if (addr < r->base)
			hi = mid;
		else if (addr - r->base >= r->len)
			lo = mid + 1;
		else
			return len <= r->len - (addr - r->base) ? r->device
								: NULL;
	}
	return NULL;
}
