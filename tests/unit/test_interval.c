/* SPDX-License-Identifier: BSD-2-Clause */
/* test_interval.c - bounds of quantiles against sums of binomial terms. */
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "tests/unit/unit.h"
#include "vmm/statistics/analysis.h"
#include "vmm/statistics/dist.h"
#include "vmm/statistics/interval.h"
#include "vmm/statistics/level.h"

#define ALPHA 0.025

static const uint32_t quantiles[] = {1,	    10,	   1000,  25000, 50000,
				     90000, 99000, 99900, 99990, 99999};
#define NR_QUANTILES (sizeof(quantiles) / sizeof(*quantiles))

/* P(fewer than rank of n samples are at or below the quantile). */
static double below(uint64_t n, uint32_t q, uint64_t rank)
{
	long double p = (long double)q / QUANTILE_ONE, sum = 0;

	for (uint64_t k = 0; k < rank; k++)
		sum += expl(lgammal((long double)n + 1) -
			    lgammal((long double)k + 1) -
			    lgammal((long double)(n - k) + 1) +
			    (long double)k * logl(p) +
			    (long double)(n - k) * log1pl(-p));
	return (double)sum;
}

/* At most ALPHA left on each side, and more with slack + 1 ranks fewer. */
static void check(uint64_t n, uint32_t q, uint64_t slack)
{
	struct interval i = interval_ranks(n, q);
	double low = below(n, q, i.low), above = 1 - below(n, q, i.high);

	if (i.low > n || i.high > n)
		fail_msg("%ju samples, %u: ranks %ju, %ju", (uintmax_t)n, q,
			 (uintmax_t)i.low, (uintmax_t)i.high);
	if (i.low && low > ALPHA)
		fail_msg("%ju samples, %u: below %ju with %g", (uintmax_t)n, q,
			 (uintmax_t)i.low, low);
	if (i.low + slack < n && below(n, q, i.low + slack + 1) <= ALPHA)
		fail_msg("%ju samples, %u: %ju is too low", (uintmax_t)n, q,
			 (uintmax_t)i.low);
	/* Rounding: 1 - sum is good for some 1e-16. */
	if (i.high && above > ALPHA + 1e-12)
		fail_msg("%ju samples, %u: above %ju with %g", (uintmax_t)n, q,
			 (uintmax_t)i.high, above);
	if (!i.high)
		i.high = n + 1;
	if (i.high > slack + 1 &&
	    1 - below(n, q, i.high - slack - 1) <= ALPHA - 1e-12)
		fail_msg("%ju samples, %u: %ju is too high", (uintmax_t)n, q,
			 (uintmax_t)i.high);
}

TEST(interval_is_the_smallest_that_leaves_no_more_than_5_percent)
{
	static const uint64_t some[] = {150, 368, 1000, 3687, 3688, 10000};

	for (unsigned int i = 0; i < NR_QUANTILES; i++) {
		for (uint64_t n = 1; n <= 120; n++)
			check(n, quantiles[i], 0);
		for (unsigned int k = 0; k < sizeof(some) / sizeof(*some); k++)
			if (some[k] * 0.25 < 1000 || quantiles[i] != 50000)
				check(some[k], quantiles[i], 2);
	}
}

/* On both sides of where the normal distribution takes over. */
TEST(interval_of_many_samples_covers_and_is_2_ranks_wider_at_most)
{
	static const struct {
		uint64_t n;
		uint32_t q;
	} cases[] = {
		{3900, 50000},	 {4100, 50000},	  {20000, 50000},
		{11000, 90000},	 {11200, 90000},  {50000, 90000},
		{100900, 99000}, {101200, 99000}, {101200, 1000},
		{300000, 99000}, {30000, 25000},
	};

	for (unsigned int i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check(cases[i].n, cases[i].q, 2);
}

TEST(interval_says_which_side_samples_do_not_bound)
{
	struct interval i = interval_ranks(5, 50000);

	/* 0.5^5 is more than 2.5 %, 0.5^6 is not. */
	assert_true(i.low == 0 && i.high == 0);
	i = interval_ranks(6, 50000);
	assert_true(i.low == 1 && i.high == 6);
	/* 0.999^n is 2.5 % at 3687. */
	i = interval_ranks(3687, 99900);
	assert_true(i.low > 3600 && i.high == 0);
	i = interval_ranks(3688, 99900);
	assert_true(i.low > 3600 && i.high == 3688);
	i = interval_ranks(3688, 100);
	assert_true(i.low == 1 && i.high < 80);
}

TEST(interval_of_nothing_is_nothing)
{
	static const uint64_t nrs[] = {0, 1, 1000000, UINT64_MAX};

	for (unsigned int k = 0; k < 4; k++) {
		assert_int_equal(interval_ranks(nrs[k], 0).low, 0);
		assert_int_equal(interval_ranks(nrs[k], 0).high, 0);
		assert_int_equal(interval_ranks(nrs[k], 100000).low, 0);
		assert_int_equal(interval_ranks(nrs[k], 100000).high, 0);
	}
	assert_int_equal(interval_ranks(0, 50000).low, 0);
	assert_int_equal(interval_ranks(0, 50000).high, 0);
}

/* 1.96 standard deviations of 1e12 samples, and of as many as there can be. */
TEST(interval_of_any_number_of_samples_is_at_hand)
{
	struct interval i = interval_ranks(1000000000000, 50000);
	clock_t began = clock();

	assert_in_range(i.low, 499999020010, 499999020025);
	assert_in_range(i.high, 500000979975, 500000979990);
	for (unsigned int k = 0; k < 64; k++) {
		for (unsigned int j = 0; j < NR_QUANTILES; j++) {
			uint64_t n = UINT64_MAX >> k, rank;

			i = interval_ranks(n, quantiles[j]);
			rank = dist_rank(n, quantiles[j]);
			assert_true(i.low <= rank);
			assert_true(i.high == 0 ||
				    (i.high >= rank && i.high <= n));
		}
	}
	/* 640 of them; 1e12 steps would take minutes. */
	assert_true(clock() - began < CLOCKS_PER_SEC);
}

TEST(interval_and_quantile_are_not_shown_with_samples_out_of_range)
{
	struct hist *h = calloc(1, sizeof(*h));
	struct series *s;
	struct dist d = {.late = h};
	struct analysis a;

	assert_non_null(h);
	hist_init(h);
	s = calloc(1, sizeof(*s));
	assert_non_null(s);
	series_init(s, 1000);
	for (uint64_t i = 0; i < 1000; i++) {
		uint64_t value = i * 7919 % 1000; /* in no order */

		hist_record(h, value, i + 1);
		series_record(s, (int64_t)value);
	}
	analysis_make(&a, &d, s);
	assert_true(a.quantile[0].has_low && a.quantile[0].has_high);
	assert_true(a.quantile[0].low > 400 && a.quantile[0].high < 600);
	/* Without their order nobody knows what they are worth. */
	analysis_make(&a, &d, NULL);
	assert_true(a.quantile[0].supported);
	assert_false(a.quantile[0].has_low || a.quantile[0].has_high);
	hist_record(h, 1ull << 40, 1001);
	series_record(s, 1ll << 40);
	analysis_make(&a, &d, s);
	assert_int_equal(a.out_of_range, 1);
	for (unsigned int i = 0; i < NR_REPORT_QUANTILES; i++) {
		assert_false(a.quantile[i].supported);
		assert_false(a.quantile[i].has_low || a.quantile[i].has_high);
	}
	free(s);
	free(h);
}

TEST(analysis_is_what_the_histogram_says_one_by_one)
{
	struct hist *late = calloc(1, sizeof(*late));
	struct hist *early = calloc(1, sizeof(*early));
	struct dist d = {.late = late, .early = early};
	struct rng rng = {.state = 72};
	struct analysis a;

	assert_true(late && early);
	hist_init(late);
	hist_init(early);
	for (unsigned int i = 0; i < 5000; i++) {
		int64_t v = (int64_t)rng_below(&rng, 3000000) - 1000000;

		hist_record(v < 0 ? early : late, (uint64_t)llabs(v), i + 1);
	}
	analysis_make(&a, &d, NULL);
	assert_true(a.count == 5000 && a.out_of_range == 0);
	assert_true(a.min == dist_min(&d) && a.max == dist_max(&d));
	for (unsigned int i = 0; i < NR_REPORT_QUANTILES; i++) {
		uint32_t q = report_quantiles[i].q;

		assert_true(a.quantile[i].value == dist_quantile(&d, q));
		assert_int_equal(a.quantile[i].supported, dist_supports(&d, q));
	}
	hist_record(early, 1ull << 40, 5001);
	analysis_make(&a, &d, NULL);
	assert_true(a.count == 5000 && a.out_of_range == 1);
	assert_true(a.min == -(1ll << 40));
	/* Nothing was measured: nothing is said. */
	d.late = NULL;
	analysis_make(&a, &d, NULL);
	assert_int_equal(a.count, 0);
	free(late);
	free(early);
}

/* The same in each round: only what no round may have seen is added. */
TEST(interval_of_rounds_has_an_upper_bound_further_up)
{
	struct hist *all = calloc(1, sizeof(*all));
	struct dist d = {.late = all};
	struct analysis a, round[5];
	struct interval ranks;

	assert_non_null(all);
	hist_init(all);
	for (unsigned int k = 0; k < 5; k++) {
		struct hist *one = calloc(1, sizeof(*one));
		struct series *s = calloc(1, sizeof(*s));
		struct dist in_one = {.late = one};

		assert_true(one && s);
		hist_init(one);
		series_init(s, 1000);
		for (uint64_t i = 0; i < 1000; i++) {
			hist_record(one, i * 7919 % 1000, i + 1);
			hist_record(all, i * 7919 % 1000, i + 1);
			series_record(s, (int64_t)(i * 7919 % 1000));
		}
		analysis_make(&round[k], &in_one, s);
		free(s);
		free(one);
	}
	analysis_of_rounds(&a, &d, round, 5);
	ranks = analysis_ranks(&a, 0, LEVEL_95);
	/* Each value five times; a 64th of a round's samples more. */
	assert_int_equal(a.quantile[0].low, (ranks.low - 1) / 5);
	assert_int_equal(a.quantile[0].high, (ranks.high + 1000 / 64 - 1) / 5);
	free(all);
}
