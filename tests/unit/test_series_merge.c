/* SPDX-License-Identifier: BSD-2-Clause */
/* test_series_merge.c - the order of samples of several vCPUs. */
#include <stdlib.h>

#include "guest-firmware/abi/series.h"
#include "tests/unit/unit.h"
#include "vmm/statistics/clusters.h"
#include "vmm/statistics/series_check.h"
#include "vmm/statistics/series_merge.h"

static struct series *series_new(uint64_t asked)
{
	struct series *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	series_init(s, asked);
	return s;
}

TEST(series_of_vcpus_that_keep_step_are_one)
{
	struct series *a = series_new(1000), *b = series_new(1000);
	const struct series *both[] = {a, b};
	struct series *all = series_new(0);
	struct series_top top[SERIES_TOP];

	for (int64_t i = 0; i < 1000; i++) {
		series_record(a, 5000 + i * 7919 % 1000);
		series_record(b, 1000 + i * 7919 % 1000);
	}
	assert_true(series_merge(all, both, 2));
	assert_null(series_wrong(all, 2000));
	assert_int_equal(all->base, b->base);
	assert_int_equal(series_full(all), series_full(a));
	clusters_order(all, top);
	/* The largest is vCPU 0's: its samples have even numbers. */
	assert_int_equal(top[0].value, 5999);
	assert_int_equal(top[0].nr % 2, 0);
	assert_int_equal(top[0].nr / 2 * 7919 % 1000, 999);
	series_record(b, 1);
	assert_false(series_merge(all, both, 2));
	free(a);
	free(b);
	free(all);
}
