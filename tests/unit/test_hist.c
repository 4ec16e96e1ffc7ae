/* SPDX-License-Identifier: BSD-2-Clause */
/* test_hist.c - the histogram that the guest records into: abi/hist.h. */
#include <stdlib.h>

#include "guest-firmware/abi/hist.h"
#include "tests/unit/unit.h"

#define LINEAR	   (2u << HIST_SUB_BITS)
#define NR_SAMPLES 5000u

static struct hist *hist_new(void)
{
	struct hist *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	hist_init(h);
	return h;
}

TEST(hist_buckets_follow_each_other_without_gap)
{
	uint64_t next = 0;

	for (uint64_t i = 0; i < HIST_NR_BUCKETS; i++) {
		uint64_t low = hist_bucket_low(i);
		uint64_t width = hist_bucket_width(i);

		assert_int_equal(low, next);
		assert_int_equal(hist_index(low), i);
		assert_int_equal(hist_index(low + width - 1), i);
		next = low + width;
	}
	assert_int_equal(next, 1ull << HIST_MAX_BITS);
}

TEST(hist_buckets_keep_three_digits)
{
	for (uint64_t i = 0; i < HIST_NR_BUCKETS; i++) {
		if (i < LINEAR) {
			assert_int_equal(hist_bucket_low(i), i);
			assert_int_equal(hist_bucket_width(i), 1);
		} else {
			assert_true(hist_bucket_width(i) <=
				    hist_bucket_low(i) / 1024);
		}
	}
}

TEST(hist_puts_every_value_into_its_bucket)
{
	struct rng rng = {.state = 1};

	for (unsigned int i = 0; i < 1000000; i++) {
		uint64_t value = rng_next(&rng) >>
				 (64 - HIST_MAX_BITS + rng_below(&rng, 36));
		uint64_t index = hist_index(value);

		assert_true(index < HIST_NR_BUCKETS);
		assert_true(hist_bucket_low(index) <= value);
		assert_true(value - hist_bucket_low(index) <
			    hist_bucket_width(index));
	}
}

TEST(hist_counts_as_an_exact_count_does)
{
	uint64_t sum = 0, min = UINT64_MAX, max = 0;
	uint64_t *exact = calloc(HIST_NR_BUCKETS, sizeof(*exact));
	struct rng rng = {.state = 2};
	struct hist *h = hist_new();

	assert_non_null(exact);
	for (unsigned int i = 0; i < NR_SAMPLES; i++) {
		uint64_t value = rng_next(&rng) >> (28 + rng_below(&rng, 30));

		hist_record(h, value, i + 1);
		exact[hist_index(value)]++;
		sum += value;
		min = value < min ? value : min;
		max = value > max ? value : max;
	}
	assert_int_equal(h->count, NR_SAMPLES);
	assert_int_equal(h->out_of_range, 0);
	assert_int_equal(h->sum, sum);
	assert_int_equal(h->min, min);
	assert_int_equal(h->max, max);
	assert_memory_equal(h->bucket, exact, sizeof(h->bucket));
	free(exact);
	free(h);
}

TEST(hist_counts_what_is_out_of_range)
{
	static const uint64_t values[] = {
		1ull << HIST_MAX_BITS,	     UINT64_MAX, 1ull << 63, 0,
		(1ull << HIST_MAX_BITS) - 1,
	};
	struct hist *h = hist_new();

	for (unsigned int i = 0; i < 5; i++)
		hist_record(h, values[i], i + 1);
	assert_int_equal(h->out_of_range, 3);
	assert_int_equal(h->count, 2);
	assert_int_equal(h->sum, (1ull << HIST_MAX_BITS) - 1);
	assert_int_equal(h->min, 0);
	assert_int_equal(h->max, UINT64_MAX);
	assert_int_equal(h->bucket[0], 1);
	assert_int_equal(h->bucket[HIST_NR_BUCKETS - 1], 1);
	free(h);
}

TEST(hist_of_nothing_has_no_minimum)
{
	struct hist *h = hist_new();

	assert_int_equal(h->count, 0);
	assert_int_equal(h->min, UINT64_MAX);
	assert_int_equal(h->max, 0);
	free(h);
}

TEST(hist_leaves_the_limit_alone)
{
	struct hist *h = hist_new();

	h->break_at = 0x5a5a;
	for (uint64_t i = 0; i < 100; i++)
		hist_record(h, i << 30, i + 1);
	assert_int_equal(h->break_at, 0x5a5a);
	free(h);
}

TEST(hist_without_a_limit_never_breaks)
{
	struct rng rng = {.state = 7};
	struct hist *h = hist_new();

	for (unsigned int i = 0; i < NR_SAMPLES; i++)
		assert_false(hist_record(h, rng_next(&rng), i + 1));
	assert_false(hist_record(h, UINT64_MAX, NR_SAMPLES + 1));
	free(h);
}

/*
 * Whatever came before, and in whatever order: the first sample above the
 * limit is told, none before it is, and it is in the worst list.
 */
static void check_break(uint64_t limit, uint64_t above, unsigned int nr,
			struct rng *rng)
{
	struct hist *h = hist_new();
	unsigned int found = 0;

	h->break_at = limit;
	for (unsigned int i = 0; i < nr; i++)
		/* Often the limit itself, which is not above it. */
		assert_false(hist_record(
			h, rng_below(rng, 4) ? rng_below(rng, limit) : limit,
			i + 1));
	assert_true(hist_record(h, above, nr + 1));
	assert_int_equal(h->max, above);
	for (unsigned int i = 0; i < HIST_NR_WORST; i++)
		found +=
			h->worst[i].value == above && h->worst[i].tsc == nr + 1;
	assert_int_equal(found, 1);
	free(h);
}

TEST(hist_breaks_at_the_first_sample_above_the_limit)
{
	static const uint64_t limits[] = {1,	  2,	      2047,
					  100000, 1ull << 36, 1ull << 60};
	static const unsigned int sizes[] = {0, 1, 15, 16, 17, 300};
	struct rng rng = {.state = 8};

	for (unsigned int i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		for (unsigned int k = 0; k < sizeof(sizes) / sizeof(*sizes);
		     k++) {
			check_break(limits[i], limits[i] + 1, sizes[k], &rng);
			check_break(limits[i], UINT64_MAX, sizes[k], &rng);
		}
	}
}

/* --continue: with any others between them. */
TEST(hist_breaks_at_each_of_the_first_that_fill_its_list)
{
	struct rng rng = {.state = 8};

	for (unsigned int round = 0; round < 100; round++) {
		struct hist *h = calloc(1, sizeof(*h));
		unsigned int above = 0;

		assert_non_null(h);
		hist_init(h);
		h->break_at = 1000;
		while (above < HIST_NR_WORST) {
			bool is = rng_below(&rng, 3) == 0;
			uint64_t value =
				rng_below(&rng, 1000) + (is ? 1001 : 1);

			assert_int_equal(hist_record(h, value, 1), is);
			above += is;
		}
		free(h);
	}
}

static int largest_first(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x < *y) - (*x > *y);
}

/*
 * The worst list of samples[0..nr) has the largest values, and each with the
 * time of a sample of that value, no sample twice.
 */
static void check_worst(const uint64_t *samples, unsigned int nr)
{
	uint64_t exact[NR_SAMPLES], got[HIST_NR_WORST];
	struct hist *h = hist_new();

	for (unsigned int i = 0; i < nr; i++) {
		hist_record(h, samples[i], i + 1);
		exact[i] = samples[i];
	}
	qsort(exact, nr, sizeof(*exact), largest_first);
	for (unsigned int i = 0; i < HIST_NR_WORST; i++) {
		const struct hist_worst *w = &h->worst[i];

		got[i] = w->value;
		if (w->tsc == 0) {
			assert_int_equal(w->value, 0);
			continue;
		}
		assert_true(w->tsc <= nr);
		assert_int_equal(samples[w->tsc - 1], w->value);
		for (unsigned int k = 0; k < i; k++)
			assert_int_not_equal(h->worst[k].tsc, w->tsc);
	}
	qsort(got, HIST_NR_WORST, sizeof(*got), largest_first);
	for (unsigned int i = 0; i < HIST_NR_WORST; i++)
		assert_int_equal(got[i], i < nr ? exact[i] : 0);
	free(h);
}

static uint64_t sample_of(const char *order, unsigned int i, struct rng *rng)
{
	switch (*order) {
	case 'a': /* ascending */
		return i + 1;
	case 'd': /* descending */
		return NR_SAMPLES - i;
	case 'c': /* constant */
		return 1234;
	case 's': /* sawtooth, every value often */
		return i % 20;
	case 'o': /* mostly out of range */
		return rng_next(rng);
	default: /* random */
		return rng_next(rng) >> 30;
	}
}

static void check_worst_of(const char *order)
{
	static const unsigned int sizes[] = {1,	 2,  15,  16,
					     17, 33, 500, NR_SAMPLES};
	uint64_t samples[NR_SAMPLES];
	struct rng rng = {.state = 3};

	for (unsigned int i = 0; i < NR_SAMPLES; i++)
		samples[i] = sample_of(order, i, &rng);
	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		check_worst(samples, sizes[i]);
}

TEST(hist_worst_list_is_the_end_of_a_sort)
{
	check_worst_of("random");
	check_worst_of("sawtooth");
}

TEST(hist_worst_list_survives_ascending_samples)
{
	check_worst_of("ascending");
}

TEST(hist_worst_list_survives_descending_samples)
{
	check_worst_of("descending");
}

TEST(hist_worst_list_survives_constant_samples)
{
	check_worst_of("constant");
}

TEST(hist_worst_list_has_what_is_out_of_range)
{
	check_worst_of("out of range");
}
