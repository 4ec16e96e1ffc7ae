/* SPDX-License-Identifier: BSD-2-Clause */
/* test_values.c - values in buckets, as a list. */
#include <stdlib.h>

#include "tests/unit/unit.h"
#include "vmm/statistics/values.h"

TEST(values_have_ranks_to_three_digits)
{
	const uint64_t some[] = {0, 7, 7, 2047, 1000000, 1000001, 1ull << 50};
	struct values v = values_of(some, 7);

	assert_int_equal(v.count, 7);
	assert_int_equal(v.nr, 5); /* two buckets have two */
	assert_int_equal(values_at(&v, 1), 0);
	assert_int_equal(values_at(&v, 2), 7);
	assert_int_equal(values_at(&v, 3), 7);
	assert_int_equal(values_at(&v, 4), 2047);
	assert_in_range(values_at(&v, 5), 999500, 1000500);
	assert_in_range(values_at(&v, 7), 1ull << 50,
			(1ull << 50) + (1ull << 40));
	assert_int_equal(values_at(&v, 8), 0);
	assert_int_equal(values_rank(&v, 50), 4);
	assert_int_equal(values_rank(&v, 99), 7);
	assert_int_equal(values_rank(&v, 1), 1);
	values_free(&v);
	assert_int_equal(v.count + v.nr, 0);
}

TEST(values_of_none_are_none)
{
	struct values v = values_of(NULL, 0), none = {.nr = 0};

	values_add(&v, &none);
	assert_int_equal(v.count + v.nr, 0);
	assert_int_equal(values_at(&v, values_rank(&v, 50)), 0);
	values_free(&v);
}

TEST(values_add_up_in_any_order)
{
	struct rng rng = {.state = 5};
	struct values all = {.nr = 0}, back = {.nr = 0}, part[8];
	uint64_t count = 0;

	for (unsigned int i = 0; i < 8; i++) {
		uint64_t list[40], value = 0, nr = rng_below(&rng, 40);

		for (uint64_t k = 0; k < nr; k++)
			list[k] = value += rng_below(&rng, 3000);
		part[i] = values_of(list, nr);
		count += nr;
	}
	for (unsigned int i = 0; i < 8; i++) {
		values_add(&all, &part[i]);
		values_add(&back, &part[7 - i]);
	}
	assert_int_equal(all.count, count);
	assert_int_equal(back.nr, all.nr);
	for (uint64_t rank = 1; rank <= count; rank++) {
		assert_int_equal(values_at(&all, rank), values_at(&back, rank));
		assert_true(values_at(&all, rank) >= values_at(&all, rank - 1));
	}
	values_free(&all);
	values_free(&back);
	for (unsigned int i = 0; i < 8; i++)
		values_free(&part[i]);
}
