/* SPDX-License-Identifier: BSD-2-Clause */
/* test_hist_add.c - two histograms added are the histogram of all samples. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/statistics/hist_add.h"
#include "vmm/statistics/hist_check.h"

static int by_value(const void *a, const void *b)
{
	const struct hist_worst *x = a, *y = b;

	return (x->value > y->value) - (x->value < y->value);
}

TEST(hist_add_is_as_if_recorded_in_one)
{
	struct hist *h[3];
	struct rng rng = {.state = 7};

	for (int i = 0; i < 3; i++) {
		h[i] = calloc(1, sizeof(*h[i]));
		assert_non_null(h[i]);
		hist_init(h[i]);
	}
	for (uint64_t i = 0; i < 5000; i++) {
		/* Some beyond the range, none equal to another. */
		uint64_t value = rng_next(&rng) >> (25 + i % 30);

		hist_record(h[i % 2], value, i + 1);
		hist_record(h[2], value, i + 1);
	}
	assert_true(hist_add(h[0], h[1]));
	assert_int_equal(h[0]->count, h[2]->count);
	assert_int_equal(h[0]->out_of_range, h[2]->out_of_range);
	assert_true(h[2]->out_of_range > 0);
	assert_int_equal(h[0]->sum, h[2]->sum);
	assert_int_equal(h[0]->min, h[2]->min);
	assert_int_equal(h[0]->max, h[2]->max);
	assert_memory_equal(h[0]->bucket, h[2]->bucket, sizeof(h[0]->bucket));
	qsort(h[0]->worst, HIST_NR_WORST, sizeof(h[0]->worst[0]), by_value);
	qsort(h[2]->worst, HIST_NR_WORST, sizeof(h[2]->worst[0]), by_value);
	assert_memory_equal(h[0]->worst, h[2]->worst, sizeof(h[0]->worst));
	for (int i = 0; i < 3; i++)
		free(h[i]);
}

TEST(hist_add_of_nothing_changes_nothing)
{
	struct hist *a = calloc(2, sizeof(*a)), *b = a + 1;

	assert_non_null(a);
	hist_init(a);
	hist_init(b);
	assert_true(hist_add(a, b));
	assert_memory_equal(a, b, sizeof(*a));
	assert_true(a->min == UINT64_MAX);
	free(a);
}

TEST(hist_add_takes_samples_out_of_range_alone)
{
	struct hist *a = calloc(2, sizeof(*a)), *b = a + 1;

	assert_non_null(a);
	hist_init(a);
	hist_init(b);
	hist_record(b, 1ull << 40, 7);
	assert_true(hist_add(a, b));
	assert_int_equal(a->count, 0);
	assert_int_equal(a->out_of_range, 1);
	assert_true(a->min == 1ull << 40 && a->max == 1ull << 40);
	assert_int_equal(a->worst[0].tsc, 7);
	free(a);
}

/* Or nothing is added at all. */
TEST(hist_add_makes_no_more_than_there_can_be)
{
	static const struct {
		uint64_t value, a, b;
		bool fits;
	} sums[] = {
		{3, HIST_MOST - 1, 1, true},
		{3, HIST_MOST, 1, false},
		{1ull << 40, HIST_MOST - 1, 1, true},
		{1ull << 40, 1, HIST_MOST, false},
		{1ull << 35, 1ull << 27, (1ull << 27) - 1, true},
		{1ull << 35, 1ull << 27, 1ull << 27, false},
	};

	for (size_t i = 0; i < sizeof(sums) / sizeof(*sums); i++) {
		struct hist *a = calloc(3, sizeof(*a)), *b = a + 1;

		assert_non_null(a);
		hist_init(a);
		hist_init(b);
		hist_record_many(a, sums[i].value, sums[i].a);
		hist_record_many(b, sums[i].value, sums[i].b);
		assert_null(hist_wrong(a));
		assert_null(hist_wrong(b));
		memcpy(a + 2, a, sizeof(*a));
		assert_int_equal(hist_add(a, b), sums[i].fits);
		assert_null(hist_wrong(a));
		if (!sums[i].fits)
			assert_memory_equal(a, a + 2, sizeof(*a));
		free(a);
	}
}
