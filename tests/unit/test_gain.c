/* SPDX-License-Identifier: BSD-2-Clause */
/* test_gain.c - what leaving something out gains, and what is said of it. */
#include <math.h>
#include <stdlib.h>

#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include "vmm/result/gain.h"

#define SAMPLES 1001

/* One more row: of the variant itself nothing but its base is looked at. */
static struct result_metric *add_row(struct made *x, struct result_metric *base)
{
	struct result_metric *row = made_metric(x, "less", 0);

	row->base = base;
	row->gain = made_metric(x, "gain_less", 0);
	x->r->metrics[x->r->nr_metrics - 1].early = made_hist();
	return row;
}

static void record(const struct result_metric *row, int64_t value)
{
	const struct result_metric *gain = row->gain;

	series_record(gain->series, value);
	if (value < 0)
		hist_record(gain->early, (uint64_t)-value, 1);
	else
		hist_record(gain->hist, (uint64_t)value, 1);
}

/* Gains of 11 values from middle - 5 * step to middle + 5 * step. */
static struct result_metric *spread_row(struct made *x,
					struct result_metric *base,
					int64_t middle, int64_t step)
{
	struct result_metric *row = add_row(x, base);

	for (int64_t i = 0; i < SAMPLES; i++)
		record(row, middle + (i * 7 % 11 - 5) * step);
	return row;
}

/* As a report has it; the result is freed. */
static struct result_gain gain_of(int64_t middle, uint64_t unit, int64_t step)
{
	struct made *x = made_new();
	struct result_metric *alone = made_metric(x, "alone", 0);
	struct result_metric *row =
		spread_row(x, made_metric(x, "base", 0), middle, step);
	struct result_gain g;

	for (unsigned int i = 0; unit && i < SAMPLES; i++)
		hist_record(alone->hist, unit, 1);
	row->unit = unit ? alone : NULL;
	result_analyse(x->r);
	assert_true(result_gain(x->r, row, &g));
	made_free(x);
	return g;
}

TEST(gain_is_the_median_of_the_differences)
{
	struct result_gain g = gain_of(100, 100, 1);

	assert_int_equal(g.gain, 100);
	assert_int_equal(g.unit, 100);
	assert_int_equal(g.of, 1);
	assert_true(g.low <= 100 && g.low > 95);
	assert_true(g.high >= 100 && g.high < 105);
	g = gain_of(-100, 0, 1);
	assert_int_equal(g.gain, -100);
	assert_int_equal(g.unit, 0);
}

TEST(gain_of_all_that_is_left_out_is_critical)
{
	assert_string_equal(gain_of(100, 100, 1).judged, "critical");
	assert_string_equal(gain_of(100, 0, 1).judged, "critical");
}

TEST(gain_of_nothing_is_none)
{
	assert_string_equal(gain_of(2, 100, 1).judged, "no");
	assert_string_equal(gain_of(0, 0, 1).judged, "unclear");
}

TEST(gain_within_the_noise_is_unclear)
{
	assert_string_equal(gain_of(50, 100, 100).judged, "unclear");
	assert_string_equal(gain_of(50, 100, 1).judged, "unclear");
	assert_string_equal(gain_of(0, 0, 10).judged, "unclear");
}

TEST(gain_below_nothing_is_worse)
{
	assert_string_equal(gain_of(-20, 100, 1).judged, "worse");
	assert_string_equal(gain_of(-20, 0, 1).judged, "worse");
}

TEST(gain_needs_a_base_and_samples)
{
	struct made *x = made_new();
	struct result_metric *row =
		spread_row(x, made_metric(x, "base", 0), 100, 1);
	struct result_metric *gain = &x->r->metrics[2];
	const struct result_metric *base = row->base;
	struct result_gain g;

	result_analyse(x->r);
	assert_true(result_gain(x->r, row, &g));
	row->base = NULL;
	assert_false(result_gain(x->r, row, &g));
	row->base = base;
	row->gain = NULL;
	assert_false(result_gain(x->r, row, &g));
	row->gain = gain;
	gain->status = METRIC_OPEN;
	assert_false(result_gain(x->r, row, &g));
	gain->status = METRIC_DONE;
	hist_record(gain->hist, 1ull << 40, 200);
	assert_false(result_gain(x->r, row, &g));
	made_free(x);
}

/* As a guest may write them: no sum of them is outside of what is signed. */
TEST(gain_of_any_numbers_is_in_range)
{
	struct made *x = made_new();
	struct result_metric *base = made_metric(x, "base", 0);
	struct result_metric *row = spread_row(x, base, 100, 1);
	struct hist *h = x->r->metrics[2].hist;
	struct result_gain g;

	h->min = h->max = UINT64_MAX;
	h->sum = UINT64_MAX;
	row->unit = row;
	row->gain = row;
	result_analyse(x->r);
	assert_false(result_gain(x->r, row, &g));
	row->gain = &x->r->metrics[2];
	assert_true(result_gain(x->r, row, &g));
	assert_true(g.low <= g.gain && g.gain <= g.high);
	made_free(x);
}

/* The interval of the first of that many rows, each of nr gains 1, 2, 3 ... */
static bool ladder(unsigned int rows, unsigned int nr, struct result_gain *g)
{
	struct made *x = made_new();
	struct result_metric *base = made_metric(x, "base", 0);
	bool known;

	for (unsigned int k = 0; k < rows; k++) {
		struct result_metric *row = add_row(x, base);

		for (unsigned int i = 1; i <= nr; i++)
			record(row, i);
	}
	/* Their order is no part of it. */
	for (unsigned int i = 0; i < x->r->nr_metrics; i++) {
		free(x->r->metrics[i].series);
		x->r->metrics[i].series = NULL;
	}
	result_analyse(x->r);
	known = result_gain(x->r, &x->r->metrics[1], g);
	made_free(x);
	return known;
}

/*
 * The ranks that leave 2.5 % on each side, and those that leave a ninth of it.
 * Five samples lie on one side of the median in 1 of 16 cases.
 */
TEST(gain_intervals_hold_together)
{
	struct result_gain g;

	assert_false(ladder(1, 5, &g));
	assert_true(ladder(1, 6, &g));
	assert_int_equal(g.low, 1);
	assert_int_equal(g.high, 6);
	assert_false(ladder(9, 8, &g));
	assert_true(ladder(9, 9, &g));
	assert_int_equal(g.of, 9);
	assert_int_equal(g.low, 1);
	assert_int_equal(g.high, 9);
	assert_true(ladder(1, 101, &g));
	assert_int_equal(g.low, 41);
	assert_int_equal(g.high, 61);
	assert_true(ladder(9, 101, &g));
	assert_int_equal(g.low, 37);
	assert_int_equal(g.high, 65);
}

/* Gains that follow one another are worth less than as many that do not. */
TEST(gain_that_drifts_has_a_wider_interval)
{
	struct result_gain mixed, drifting;
	struct made *x = made_new();
	struct result_metric *base = made_metric(x, "base", 0);
	struct result_metric *row = add_row(x, base), *other = add_row(x, base);

	for (int64_t i = 0; i < 1024; i++) {
		record(row, i * 389 % 1024);
		record(other, i);
	}
	result_analyse(x->r);
	assert_true(result_gain(x->r, row, &mixed));
	assert_true(result_gain(x->r, other, &drifting));
	assert_true(drifting.high - drifting.low >
		    3 * (mixed.high - mixed.low));
	made_free(x);
}

TEST(gain_of_rounds_has_what_they_differ_by)
{
	struct made *x = made_new();
	struct result_metric *row =
		spread_row(x, made_metric(x, "base", 0), 100, 1);
	struct result_metric *gain = &x->r->metrics[2];
	struct result_gain one, all;

	result_analyse(x->r);
	assert_true(result_gain(x->r, row, &one));
	for (unsigned int i = 0; i < 5; i++) {
		struct analysis a = gain->analysis;

		a.quantile[0].value = 80 + 10 * (int64_t)i;
		result_add_round(&gain->rounds, &gain->nr_rounds, &a);
	}
	assert_true(result_gain(x->r, row, &all));
	/* 15.8 / sqrt(5) to each side, by Student's t of 4: 2.78 times. */
	assert_in_range(all.low, 79, 81);
	assert_in_range(all.high, 119, 121);
	assert_true(one.low > 95 && one.high < 105);
	made_free(x);
}

/* Above 0 and below 1; xorshift64*. */
static double uniform(uint64_t *random)
{
	*random ^= *random >> 12;
	*random ^= *random << 25;
	*random ^= *random >> 27;
	return ((double)(*random * 0x2545f4914f6cdd1dull >> 11) + 0.5) *
	       0x1p-53;
}

/* What is drawn from one lognormal distribution, in cycles. */
static uint64_t draw(uint64_t *random)
{
	double u = uniform(random), v = uniform(random);

	return (uint64_t)(1e5 * exp(sqrt(-2 * log(u)) * cos(2 * M_PI * v)));
}

/*
 * A round of nine variants that all are the base: each gain is what the middle
 * of three differs by.  The truth, no gain, is in all of their intervals in 95
 * of 100 runs, in spite of what skews the samples.
 */
TEST(gain_of_nothing_is_found_in_few_runs)
{
	uint64_t random = 1;
	unsigned int wrong = 0;

	for (int run = 0; run < 200; run++) {
		struct made *x = made_new();
		struct result_metric *base = made_metric(x, "base", 0);
		struct result_metric *rows[9];
		bool held = true;

		for (int k = 0; k < 9; k++)
			rows[k] = add_row(x, base);
		for (int i = 0; i < 200; i++) {
			uint64_t a = draw(&random), b = draw(&random),
				 c = draw(&random);
			uint64_t least = a < b ? a : b, most = a < b ? b : a;
			uint64_t mid = c < least ? least : c > most ? most : c;

			for (int k = 0; k < 9; k++)
				record(rows[k], (int64_t)(mid - draw(&random)));
		}
		result_analyse(x->r);
		for (int k = 0; k < 9; k++) {
			struct result_gain g;

			assert_true(result_gain(x->r, rows[k], &g));
			held &= g.low <= 0 && 0 <= g.high;
		}
		wrong += !held;
		made_free(x);
	}
	/* 5 % of 200, and two standard deviations. */
	assert_in_range(wrong, 0, 16);
}
