/* SPDX-License-Identifier: BSD-2-Clause */
/* test_series.c - the order of samples: recorded, checked, merged, weighed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "guest-firmware/abi/series.h"
#include "tests/unit/unit.h"
#include "vmm/statistics/clusters.h"
#include "vmm/statistics/dependence.h"
#include "vmm/statistics/level.h"
#include "vmm/statistics/series_check.h"

static struct series *series_new(uint64_t asked)
{
	struct series *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	series_init(s, asked);
	return s;
}

static bool weighed(const struct series *s, uint64_t above,
		    struct dependence *d)
{
	struct series_top top[SERIES_TOP];

	clusters_order(s, top);
	return dependence_of(s, top, above, d);
}

static uint64_t in_block(const struct series *s, unsigned int block)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < SERIES_BINS; i++)
		sum += s->bin[block][i];
	return sum;
}

TEST(series_bins_are_in_order_and_hold_what_they_say)
{
	uint64_t last = 0;

	for (uint64_t v = 0; v < 5000; v++) {
		uint64_t bin = series_bin(v);

		assert_true(bin == last || bin == last + 1);
		last = bin;
	}
	for (unsigned int bit = 5; bit < SERIES_VALUE_MAX; bit++) {
		assert_int_equal(series_bin(1ull << bit),
				 series_bin((1ull << bit) - 1) + 1);
		assert_true(series_bin((1ull << (bit + 1)) - 1) < SERIES_BINS);
	}
	assert_int_equal(series_bin((1ull << SERIES_VALUE_MAX) - 1),
			 SERIES_BINS - 1);
}

/* Any number that was asked for, and any that came. */
TEST(series_adds_up_whatever_number_of_samples_comes)
{
	static const uint64_t asked[] = {0, 1, 63, 64, 65, 100, 1000, 4096};

	for (unsigned int k = 0; k < sizeof(asked) / sizeof(*asked); k++) {
		struct series *s = series_new(asked[k]);
		struct rng rng = {.state = 5};

		for (uint64_t i = 0; i < 5000; i++) {
			const char *wrong = series_wrong(s, i);

			if (wrong)
				fail_msg("asked %ju, %ju came: it %s",
					 (uintmax_t)asked[k], (uintmax_t)i,
					 wrong);
			assert_true(series_full(s) <= SERIES_BLOCKS);
			series_record(s,
				      (int64_t)rng_below(&rng, 1000000) - 1000);
		}
		free(s);
	}
}

/* Each sample is in the block of its number, by whomever it was counted. */
static void assert_blocks(const struct series *s, uint64_t nr)
{
	for (uint64_t i = 0; i * s->block_len < nr; i++) {
		uint64_t first = i * s->block_len, left = nr - first;
		uint64_t len = left < s->block_len ? left : s->block_len;
		int64_t max = INT64_MIN;

		assert_int_equal(in_block(s, (unsigned int)i), len);
		for (uint64_t k = first; k < first + len; k++)
			if ((int64_t)(k * 7919 % 1009) > max)
				max = (int64_t)(k * 7919 % 1009);
		assert_int_equal(s->max[i], max);
	}
}

TEST(series_noted_by_the_guest_is_settled_by_the_host)
{
	static const uint64_t asked[] = {0, 1, 64, 65, 100, 320, 2048, 5000};

	for (unsigned int k = 0; k < sizeof(asked) / sizeof(*asked); k++) {
		struct series *guest = series_new(asked[k]);
		struct series *s = series_new(0), *host = series_new(asked[k]);

		for (uint64_t nr = 1; nr <= 600; nr++) {
			int64_t value = (int64_t)((nr - 1) * 7919 % 1009);

			series_note(guest, value);
			series_record(host, value);
			*s = *guest;
			series_settle(s);
			assert_null(series_wrong(s, nr));
			assert_memory_equal(s, host, sizeof(*s));
			if (nr >= SERIES_FIRST)
				assert_blocks(s, nr);
		}
		free(guest);
		free(host);
		free(s);
	}
}

TEST(series_of_as_many_as_were_asked_for_has_64_blocks)
{
	struct series *s = series_new(6400);

	for (int64_t i = 0; i < 6400; i++)
		series_record(s, i);
	assert_int_equal(series_full(s), SERIES_BLOCKS);
	assert_int_equal(s->block_len, 100);
	for (unsigned int i = 0; i < SERIES_BLOCKS; i++) {
		assert_int_equal(in_block(s, i), 100);
		assert_int_equal(s->max[i], 100 * i + 99);
	}
	/* One more: every two become one. */
	series_record(s, 7);
	assert_int_equal(s->block, 32);
	assert_int_equal(s->block_len, 200);
	assert_int_equal(s->max[31], 6399);
	assert_int_equal(s->max[32], 7);
	assert_int_equal(in_block(s, 32), 1);
	assert_int_equal(in_block(s, 33), 0);
	free(s);
}

TEST(series_keeps_the_largest_with_their_numbers)
{
	struct series *s = series_new(5000);
	struct series_top top[SERIES_TOP];

	for (int64_t i = 0; i < 5000; i++)
		series_record(s, i * 7919 % 5000);
	clusters_order(s, top);
	for (unsigned int i = 0; i < SERIES_TOP; i++) {
		assert_int_equal(top[i].value, 4999 - i);
		assert_int_equal(top[i].nr * 7919 % 5000, 4999 - i);
	}
	free(s);
}

static void assert_wrong(const struct series *s, uint64_t nr, const char *why)
{
	const char *wrong = series_wrong(s, nr);

	assert_non_null(wrong);
	assert_has(wrong, why);
}

TEST(series_that_contradicts_itself_is_refused)
{
	struct series *s = series_new(1000), *good = series_new(1000);

	for (int64_t i = 0; i < 1000; i++)
		series_record(good, i * 7919 % 1000);
	assert_null(series_wrong(good, 1000));
	assert_wrong(good, 999, "other samples than its histogram");
	*s = *good;
	s->bin[3][0]++;
	assert_wrong(s, 1000, "counts other samples");
	*s = *good;
	s->bin[s->block][0]++;
	assert_wrong(s, 1000, "counts other samples");
	*s = *good;
	s->block_len = 0;
	assert_wrong(s, 1000, "no length");
	*s = *good;
	s->block = SERIES_BLOCKS;
	assert_wrong(s, 1000, "more blocks");
	*s = *good;
	s->left = s->block_len + 1;
	assert_wrong(s, 1000, "more blocks");
	*s = *good;
	s->block_len = UINT64_MAX / 2;
	assert_wrong(s, 1000, "");
	*s = *good;
	s->nr_top--;
	assert_wrong(s, 1000, "lacks");
	*s = *good;
	s->top[5].nr = 1000;
	assert_wrong(s, 1000, "impossible largest");
	*s = *good;
	s->top[0].value = INT64_MAX;
	assert_wrong(s, 1000, "impossible largest");
	free(s);
	free(good);
}

TEST(series_of_any_bits_is_refused_or_harmless)
{
	struct series *s = series_new(0);
	struct rng rng = {.state = 77};
	uint64_t *words = (uint64_t *)s;

	for (unsigned int i = 0; i < 400; i++) {
		uint64_t nr = 40 + rng_below(&rng, 3000);
		struct dependence d;

		memset(s, 0, sizeof(*s));
		series_init(s, i % 3 ? nr : 0);
		for (uint64_t k = 0; k < nr; k++)
			series_record(s, (int64_t)(rng_next(&rng) >>
						   rng_below(&rng, 64)));
		for (unsigned int k = 0; k < i % 4; k++)
			words[rng_below(&rng, i % 2 ? 1100 : 40)] =
				rng_next(&rng) >> rng_below(&rng, 64);
		if (i % 5 == 0)
			series_settle(s);
		if (series_wrong(s, nr))
			continue;
		for (uint64_t above = 1; above < nr; above += 1 + nr / 9)
			if (weighed(s, above, &d))
				assert_true(d.factor >= 1 &&
					    d.factor_most >= d.factor &&
					    d.events >= 0 &&
					    d.events <= (double)above);
	}
	free(s);
}

/* Each value len times in a row. */
static struct series *repeated(unsigned int nr, unsigned int len)
{
	struct series *s = series_new(nr);
	struct rng rng = {.state = 3};
	int64_t value = 0;

	for (unsigned int i = 0; i < nr; i++) {
		if (i % len == 0)
			value = (int64_t)rng_below(&rng, 100000);
		series_record(s, value);
	}
	return s;
}

/* Above each of two ways to count: the largest, and the bins. */
TEST(dependence_is_how_often_a_value_is_repeated)
{
	static const unsigned int lens[] = {1, 5, 20};

	for (unsigned int k = 0; k < 3; k++) {
		struct series *s = repeated(40000, lens[k]);
		struct dependence half, few;

		assert_true(weighed(s, 20000, &half));
		assert_true(weighed(s, 400, &few));
		if (half.factor < lens[k] * 0.6 || half.factor > lens[k] * 2)
			fail_msg("%u times: %g", lens[k], half.factor);
		if (few.events < 400.0 / lens[k] * 0.4 ||
		    few.events > 400.0 / lens[k] * 1.3)
			fail_msg("%u times: %g events", lens[k], few.events);
		free(s);
	}
}

TEST(dependence_of_one_long_event_is_one_event)
{
	struct series *s = series_new(10000);
	struct dependence d;

	for (int64_t i = 0; i < 10000; i++)
		series_record(s, i >= 5000 && i < 5300 ? 100000 + i
						       : i * 7919 % 10000);
	assert_true(weighed(s, 300, &d));
	assert_true(d.events < 10);
	free(s);
}

/* 64 blocks of 100: more of one half is above for len blocks, then of the
 * other.
 */
static void lasting(unsigned int len, struct dependence *d)
{
	struct series *s = series_new(6400);

	for (int i = 0; i < 6400; i++) {
		bool most = i / 100 / len % 2;

		series_record(s,
			      i % 100 < (most ? 70 : 30) ? 1000 + i : i % 100);
	}
	assert_true(weighed(s, 3200, d));
	free(s);
}

/* Two or four blocks that are alike are worth as much less. */
TEST(dependence_that_lasts_longer_than_a_block_counts)
{
	struct dependence one, two, four;

	lasting(1, &one);
	lasting(2, &two);
	lasting(4, &four);
	/* Above varies by 20 of 100: 400, and not 25 as if independent. */
	assert_float_equal(one.factor, 16.0 * 64 / 63, 0.01);
	assert_float_equal(two.factor, 32.0 * 32 / 31, 0.01);
	assert_float_equal(four.factor, 64.0 * 16 / 15, 0.01);
}

/* By as much as Student's t is wider than the normal distribution, nearly. */
TEST(dependence_by_few_blocks_may_be_more)
{
	struct dependence d;
	double normal = level_t(LEVEL_95, 1000000), wider;

	lasting(1, &d);
	wider = level_t(LEVEL_95, 63) / normal;
	assert_float_equal(d.factor_most / d.factor, wider * wider, 0.02);
	lasting(4, &d);
	wider = level_t(LEVEL_95, 15) / normal;
	assert_true(wider * wider > 1.15);
	assert_float_equal(d.factor_most / d.factor, wider * wider, 0.02);
}

TEST(dependence_is_not_known_of_few_blocks_or_of_nothing)
{
	struct series *s = series_new(10);
	struct dependence d;

	for (int64_t i = 0; i < 10; i++)
		series_record(s, i);
	assert_false(weighed(s, 5, &d));
	free(s);
	s = repeated(1000, 1);
	assert_false(weighed(s, 0, &d));
	assert_false(weighed(s, 1000, &d));
	assert_true(weighed(s, 999, &d));
	free(s);
}

/* What is the same all the time depends on nothing. */
TEST(dependence_of_samples_that_are_all_equal_is_none)
{
	struct series *s = series_new(1000);
	struct dependence d;

	for (int i = 0; i < 1000; i++)
		series_record(s, 42);
	assert_true(weighed(s, 600, &d));
	assert_true(d.factor == 1);
	free(s);
}

TEST(clusters_are_cut_at_the_longest_gaps)
{
	/* By value: three events, of 3, 2 and 1 samples. */
	static const struct series_top top[] = {
		{90, 102}, {80, 100}, {70, 500}, {60, 101}, {50, 503}, {40, 9},
	};
	struct cluster c[6];

	assert_int_equal(clusters_cut(top, 6, 3, c), 3);
	assert_true(c[0].max == 40 && c[0].nr == 9);
	assert_true(c[1].max == 90 && c[1].nr == 102);
	assert_true(c[2].max == 70 && c[2].nr == 500);
	assert_int_equal(clusters_cut(top, 6, 1, c), 1);
	assert_true(c[0].max == 90);
	assert_int_equal(clusters_cut(top, 6, 6, c), 6);
	/* Both gaps of 1 are alike: neither is cut. */
	assert_int_equal(clusters_cut(top, 6, 5, c), 4);
}
