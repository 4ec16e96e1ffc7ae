/* SPDX-License-Identifier: BSD-2-Clause */
/* test_bus.c - which device an access reaches. */
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/machine/bus.h"

static struct device device_at(uint64_t base, uint64_t len)
{
	return (struct device){.name = "made", .base = base, .len = len};
}

TEST(bus_finds_a_device_at_its_edges)
{
	const struct device d = device_at(0x500, 4);
	struct bus bus = {.nr_regions = 0};

	assert_null(bus_add(&bus, &d));
	assert_ptr_equal(bus_find(&bus, 0x500, 1), &d);
	assert_ptr_equal(bus_find(&bus, 0x503, 1), &d);
	assert_ptr_equal(bus_find(&bus, 0x500, 4), &d);
	assert_null(bus_find(&bus, 0x4ff, 1));
	assert_null(bus_find(&bus, 0x504, 1));
}

TEST(bus_gives_no_access_across_an_edge)
{
	const struct device d = device_at(0x500, 4), next = device_at(0x504, 4);
	struct bus bus = {.nr_regions = 0};

	assert_null(bus_add(&bus, &d));
	assert_null(bus_add(&bus, &next));
	assert_null(bus_find(&bus, 0x4ff, 2));
	assert_null(bus_find(&bus, 0x502, 4));
	assert_null(bus_find(&bus, 0x500, 8));
	assert_null(bus_find(&bus, 0x500, UINT64_MAX));
	assert_ptr_equal(bus_find(&bus, 0x504, 4), &next);
}

TEST(bus_without_devices_finds_none)
{
	const struct bus bus = {.nr_regions = 0};

	assert_null(bus_find(&bus, 0, 1));
	assert_null(bus_find(&bus, UINT64_MAX, 1));
}

TEST(bus_refuses_overlapping_devices)
{
	const struct device d = device_at(0x500, 4);
	const struct device others[] = {
		device_at(0x500, 4), device_at(0x503, 1),
		device_at(0x4ff, 2), device_at(0x400, 0x1000),
		device_at(0x501, 1), device_at(0, UINT64_MAX),
	};
	struct bus bus = {.nr_regions = 0};

	assert_null(bus_add(&bus, &d));
	for (unsigned int i = 0; i < sizeof(others) / sizeof(*others); i++)
		assert_ptr_equal(bus_add(&bus, &others[i]), &d);
	assert_int_equal(bus.nr_regions, 1);
}

TEST(bus_refuses_empty_and_wrapping_ranges)
{
	const struct device empty = device_at(0x500, 0);
	const struct device wraps = device_at(UINT64_MAX, 2);
	const struct device all = device_at(1, UINT64_MAX);
	const struct device last = device_at(UINT64_MAX, 1);
	struct bus bus = {.nr_regions = 0};

	assert_ptr_equal(bus_add(&bus, &empty), &empty);
	assert_ptr_equal(bus_add(&bus, &wraps), &wraps);
	assert_null(bus_add(&bus, &last));
	assert_ptr_equal(bus_find(&bus, UINT64_MAX, 1), &last);
	assert_null(bus_find(&bus, UINT64_MAX, 2));
	assert_ptr_equal(bus_add(&bus, &all), &last);
	assert_int_equal(bus.nr_regions, 1);
}

TEST(bus_that_is_full_refuses_one_more)
{
	struct device d[BUS_MAX_REGIONS + 1];
	struct bus bus = {.nr_regions = 0};

	for (unsigned int i = 0; i <= BUS_MAX_REGIONS; i++)
		d[i] = device_at(i * 16, 16);
	for (unsigned int i = 0; i < BUS_MAX_REGIONS; i++)
		assert_null(bus_add(&bus, &d[i]));
	assert_ptr_equal(bus_add(&bus, &d[BUS_MAX_REGIONS]),
			 &d[BUS_MAX_REGIONS]);
	assert_int_equal(bus.nr_regions, BUS_MAX_REGIONS);
	for (unsigned int i = 0; i < BUS_MAX_REGIONS; i++)
		assert_ptr_equal(bus_find(&bus, i * 16 + 15, 1), &d[i]);
}

/* Every order of adding gives what a linear search gives. */
TEST(bus_finds_what_a_linear_search_finds)
{
	struct rng rng = {.state = 31};
	struct device d[BUS_MAX_REGIONS];

	for (unsigned int round = 0; round < 200; round++) {
		struct bus bus = {.nr_regions = 0};
		const struct device *map[512] = {NULL};

		for (unsigned int i = 0; i < BUS_MAX_REGIONS; i++) {
			d[i] = device_at(rng_below(&rng, 480),
					 1 + rng_below(&rng, 32));
			if (bus_add(&bus, &d[i]))
				continue;
			for (uint64_t k = 0; k < d[i].len; k++) {
				assert_null(map[d[i].base + k]);
				map[d[i].base + k] = &d[i];
			}
		}
		for (unsigned int addr = 0; addr < 512; addr++)
			assert_ptr_equal(bus_find(&bus, addr, 1), map[addr]);
	}
}

TEST(bus_has_room_for_every_device_of_the_program)
{
	static struct bus bus[NR_BUSES];
	unsigned int nr = 0;

	for_each_device (pos) {
		assert_in_range((*pos)->bus, 0, NR_BUSES - 1);
		assert_non_null((*pos)->access);
		assert_null(bus_add(&bus[(*pos)->bus], *pos));
		nr++;
	}
	assert_true(nr > 0);
}
