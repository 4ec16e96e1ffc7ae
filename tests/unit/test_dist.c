/* SPDX-License-Identifier: BSD-2-Clause */
/* test_dist.c - quantiles of histograms against those of an exact sort. */
#include <math.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "tests/unit/unit.h"
#include "vmm/statistics/dist.h"

#define NR_SAMPLES 20000u

struct sampled {
	struct hist *late, *early;
	struct dist dist;
	int64_t sorted[NR_SAMPLES];
	unsigned int nr;
	int64_t sum;
};

static struct hist *hist_new(void)
{
	struct hist *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	hist_init(h);
	return h;
}

static struct sampled *sampled_new(bool is_signed)
{
	struct sampled *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->late = hist_new();
	s->early = is_signed ? hist_new() : NULL;
	s->dist = (struct dist){.late = s->late, .early = s->early};
	return s;
}

static void sampled_free(struct sampled *s)
{
	free(s->late);
	free(s->early);
	free(s);
}

/* As the firmware records: an early sample by its distance. */
static void add(struct sampled *s, int64_t value)
{
	if (value < 0)
		hist_record(s->early, (uint64_t)-value, s->nr + 1);
	else
		hist_record(s->late, (uint64_t)value, s->nr + 1);
	s->sorted[s->nr++] = value;
	s->sum += value;
}

static int smallest_first(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void check_quantile(const struct sampled *s, uint32_t q)
{
	uint64_t rank = ((uint64_t)s->nr * q + QUANTILE_ONE - 1) / QUANTILE_ONE;
	int64_t exact = s->sorted[rank ? rank - 1 : 0];
	int64_t got = dist_quantile(&s->dist, q);

	if (llabs(exact) < 2048 ? got != exact
				: llabs(got - exact) * 2048 >= llabs(exact))
		fail_msg("quantile %u of %u samples: %jd, exact %jd", q, s->nr,
			 (intmax_t)got, (intmax_t)exact);
	assert_true(got >= s->sorted[0] && got <= s->sorted[s->nr - 1]);
}

static void check(struct sampled *s)
{
	static const uint32_t some[] = {0,     1,     10,    1000,  25000,
					50000, 75000, 90000, 99000, 99900,
					99990, 99999, 100000};
	double mean = (double)s->sum / s->nr;

	qsort(s->sorted, s->nr, sizeof(*s->sorted), smallest_first);
	assert_int_equal(dist_count(&s->dist), s->nr);
	assert_true(dist_min(&s->dist) == s->sorted[0]);
	assert_true(dist_max(&s->dist) == s->sorted[s->nr - 1]);
	assert_true(fabs(dist_mean(&s->dist) - mean) <=
		    fabs(mean) * 1e-12 + 1e-9);
	for (unsigned int i = 0; i < sizeof(some) / sizeof(*some); i++)
		check_quantile(s, some[i]);
	for (uint32_t q = 0; q <= QUANTILE_ONE; q += 997)
		check_quantile(s, q);
	sampled_free(s);
}

TEST(dist_quantiles_below_2048_are_exact)
{
	struct sampled *s = sampled_new(false);
	struct rng rng = {.state = 11};

	for (unsigned int i = 0; i < NR_SAMPLES; i++)
		add(s, (int64_t)rng_below(&rng, 2048));
	check(s);
}

TEST(dist_quantiles_of_an_even_spread_are_near)
{
	struct sampled *s = sampled_new(false);
	struct rng rng = {.state = 12};

	for (unsigned int i = 0; i < NR_SAMPLES; i++)
		add(s, 1500 + (int64_t)rng_below(&rng, 5000000));
	check(s);
}

TEST(dist_quantiles_of_a_long_tail_are_near)
{
	struct sampled *s = sampled_new(false);
	struct rng rng = {.state = 13};

	for (unsigned int i = 0; i < NR_SAMPLES; i++)
		add(s, (int64_t)(rng_next(&rng) >> (28 + rng_below(&rng, 36))));
	check(s);
}

TEST(dist_quantiles_of_two_humps_are_near)
{
	struct sampled *s = sampled_new(false);
	struct rng rng = {.state = 14};

	for (unsigned int i = 0; i < NR_SAMPLES; i++)
		add(s,
		    (i % 10 ? 3000 : 900000) + (int64_t)rng_below(&rng, 200));
	check(s);
}

TEST(dist_quantiles_of_a_constant_are_it)
{
	struct sampled *s = sampled_new(false);

	for (unsigned int i = 0; i < 1000; i++)
		add(s, 123456789);
	for (uint32_t q = 0; q <= QUANTILE_ONE; q += 100)
		assert_int_equal(dist_quantile(&s->dist, q), 123456789);
	check(s);
}

TEST(dist_quantiles_of_one_sample_are_it)
{
	struct sampled *s = sampled_new(true);

	add(s, -3141592);
	assert_true(dist_quantile(&s->dist, 0) == -3141592);
	assert_true(dist_quantile(&s->dist, QUANTILE_ONE) == -3141592);
	check(s);
}

/* The first value of a bucket that is as wide as it may be. */
TEST(dist_quantile_of_a_power_of_two_is_within_the_bound)
{
	struct sampled *s = sampled_new(false);

	add(s, 1);
	for (unsigned int i = 11; i < HIST_MAX_BITS; i++)
		add(s, 1ll << i);
	check(s);
}

TEST(dist_joins_early_and_late_samples)
{
	struct sampled *s = sampled_new(true);
	struct rng rng = {.state = 15};

	for (unsigned int i = 0; i < NR_SAMPLES; i++)
		add(s, (int64_t)rng_below(&rng, 3000000) - 1000000);
	check(s);
}

TEST(dist_of_early_samples_only_is_right)
{
	struct sampled *s = sampled_new(true);
	struct rng rng = {.state = 16};

	for (unsigned int i = 0; i < NR_SAMPLES; i++)
		add(s, -1 - (int64_t)rng_below(&rng, 100000));
	check(s);
}

/* Ranks on both sides of 0, several in one bucket, the first and the last. */
TEST(dist_finds_ranks_in_one_pass)
{
	static const uint64_t ranks[] = {1,    2,    2,	   3000,  6666,
					 6667, 6668, 9999, 19999, NR_SAMPLES};
	struct dist_at at[sizeof(ranks) / sizeof(*ranks)];
	const unsigned int nr = sizeof(ranks) / sizeof(*ranks);
	struct sampled *s = sampled_new(true);
	struct rng rng = {.state = 17};

	for (unsigned int i = 0; i < NR_SAMPLES; i++)
		add(s, (int64_t)rng_below(&rng, 3000000) - 1000000);
	qsort(s->sorted, s->nr, sizeof(*s->sorted), smallest_first);
	for (unsigned int i = 0; i < nr; i++)
		at[i].rank = ranks[i];
	dist_find(&s->dist, at, nr);
	for (unsigned int i = 0; i < nr; i++) {
		int64_t exact = s->sorted[ranks[i] - 1];

		assert_int_equal(at[i].rank, ranks[i]);
		assert_true(at[i].low <= exact && exact <= at[i].high);
		assert_true(at[i].low <= at[i].value &&
			    at[i].value <= at[i].high);
		assert_true((at[i].high - at[i].low) * 1024 <= llabs(exact));
	}
	/* min and max are exact, so are the ends of their buckets. */
	assert_true(at[0].low == s->sorted[0]);
	assert_true(at[nr - 1].high == s->sorted[NR_SAMPLES - 1]);
	sampled_free(s);
}

TEST(dist_supports_a_quantile_with_a_sample_above_it)
{
	struct sampled *s = sampled_new(true);

	add(s, 5);
	assert_true(dist_supports(&s->dist, 0));
	assert_false(dist_supports(&s->dist, 50000));
	add(s, -5);
	assert_true(dist_supports(&s->dist, 50000));
	assert_false(dist_supports(&s->dist, 50001));
	s->late->count = 99998;
	assert_false(dist_supports(&s->dist, 99999));
	s->late->count = 99999;
	assert_true(dist_supports(&s->dist, 99999));
	assert_false(dist_supports(&s->dist, QUANTILE_ONE));
	/* Nothing in a guest's memory makes it overflow. */
	s->late->count = UINT64_MAX - 1;
	assert_true(dist_supports(&s->dist, 99999));
	sampled_free(s);
}

TEST(dist_ends_know_samples_out_of_range)
{
	struct sampled *s = sampled_new(true);

	hist_record(s->late, 1ull << 40, 1);
	assert_int_equal(dist_count(&s->dist), 0);
	assert_true(dist_min(&s->dist) == 1ll << 40);
	assert_true(dist_max(&s->dist) == 1ll << 40);
	hist_record(s->early, 1ull << 41, 2);
	assert_true(dist_min(&s->dist) == -(1ll << 41));
	sampled_free(s);
}

TEST(dist_worst_is_ordered_by_distance)
{
	struct dist_worst worst[2 * HIST_NR_WORST];
	struct sampled *s = sampled_new(true);
	unsigned int nr;

	for (int i = 1; i <= 100; i++)
		add(s, i % 3 ? i * 10 : -i * 10);
	nr = dist_worst(&s->dist, worst);
	assert_int_equal(nr, 2 * HIST_NR_WORST);
	assert_true(worst[0].value == 1000 && worst[0].tsc == 100);
	assert_true(worst[1].value == -990 && worst[1].tsc == 99);
	for (unsigned int i = 1; i < nr; i++)
		assert_true(llabs(worst[i - 1].value) >= llabs(worst[i].value));
	sampled_free(s);
	s = sampled_new(false);
	add(s, 7);
	assert_int_equal(dist_worst(&s->dist, worst), 1);
	assert_true(worst[0].value == 7 && worst[0].tsc == 1);
	sampled_free(s);
}

static void use_hostile(void *arg)
{
	struct dist_worst worst[2 * HIST_NR_WORST];
	const struct dist *d = arg;
	volatile int64_t sink = 0;

	sink += dist_worst(d, worst);
	for (uint32_t q = 0; q <= QUANTILE_ONE; q += 10000)
		sink ^= dist_quantile(d, q);
	sink ^= dist_min(d) ^ dist_max(d);
	(void)sink;
}

/* A guest may write anything into its histograms. */
TEST(dist_takes_any_bits_without_undefined_behaviour)
{
	static const uint64_t fills[] = {UINT64_MAX, 1ull << 63, 1,
					 0x0101010101010101ull};
	struct sampled *s = sampled_new(true);
	struct child c;

	for (unsigned int i = 0; i < 4; i++) {
		uint64_t *late = (void *)s->late, *early = (void *)s->early;

		for (size_t k = 0; k < sizeof(struct hist) / 8; k++)
			late[k] = early[k] = fills[i];
		child_run(&c, use_hostile, &s->dist);
		if (c.status != 0)
			fail_msg("all fields %#jx: %s", (uintmax_t)fills[i],
				 c.err);
	}
	sampled_free(s);
}
