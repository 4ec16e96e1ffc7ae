/* SPDX-License-Identifier: BSD-2-Clause */
/* test_gain.c - what leaving something out gains, and what is said of it. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/report/report.h"

#define SAMPLES 1001

struct made {
	struct hist hist;
	struct result_metric metric;
};

/* Samples of 11 values from middle - 5 * step to middle + 5 * step. */
static struct made *made(uint64_t middle, uint64_t step)
{
	struct made *x = calloc(1, sizeof(*x));

	assert_non_null(x);
	hist_init(&x->hist);
	for (uint64_t i = 0; i < SAMPLES; i++)
		hist_record(&x->hist, middle - 5 * step + i % 11 * step, i + 1);
	x->metric = (struct result_metric){
		.status = METRIC_DONE,
		.hist = &x->hist,
	};
	return x;
}

/* The gain of v against b, u: what v leaves out, or NULL; frees all three. */
static struct result_gain compare(struct made *b, struct made *v,
				  struct made *u)
{
	struct result_gain g;

	v->metric.base = &b->metric;
	v->metric.unit = u ? &u->metric : NULL;
	assert_true(result_gain(&v->metric, &g));
	free(b);
	free(v);
	free(u);
	return g;
}

static struct result_gain gain_of(uint64_t base, uint64_t variant,
				  uint64_t unit, uint64_t step)
{
	return compare(made(base, step), made(variant, step),
		       unit ? made(unit, 0) : NULL);
}

TEST(gain_is_the_difference_of_the_medians)
{
	struct result_gain g = gain_of(1500, 1400, 100, 1);

	assert_int_equal(g.gain, 100);
	assert_int_equal(g.unit, 100);
	assert_true(g.low <= 100 && g.low > 95);
	assert_true(g.high >= 100 && g.high < 105);
	g = gain_of(1400, 1500, 0, 1);
	assert_int_equal(g.gain, -100);
	assert_int_equal(g.unit, 0);
}

TEST(gain_of_all_that_is_left_out_is_critical)
{
	assert_string_equal(gain_of(1500, 1400, 100, 1).judged, "critical");
	assert_string_equal(gain_of(1500, 1400, 0, 1).judged, "critical");
}

TEST(gain_of_nothing_is_none)
{
	assert_string_equal(gain_of(1500, 1498, 100, 1).judged, "no");
	assert_string_equal(gain_of(1500, 1500, 0, 1).judged, "unclear");
}

TEST(gain_within_the_noise_is_unclear)
{
	assert_string_equal(gain_of(1900, 1850, 100, 100).judged, "unclear");
	assert_string_equal(gain_of(1500, 1450, 100, 1).judged, "unclear");
}

TEST(gain_below_nothing_is_worse)
{
	assert_string_equal(gain_of(1500, 1520, 100, 1).judged, "worse");
	assert_string_equal(gain_of(1500, 1520, 0, 1).judged, "worse");
}

TEST(gain_needs_samples_of_both)
{
	struct made *b = made(1500, 1), *v = made(1400, 1);
	struct result_gain g;

	assert_false(result_gain(&v->metric, &g));
	v->metric.base = &b->metric;
	assert_true(result_gain(&v->metric, &g));
	b->metric.status = METRIC_OPEN;
	assert_false(result_gain(&v->metric, &g));
	b->metric.status = METRIC_DONE;
	b->metric.hist = NULL;
	assert_false(result_gain(&v->metric, &g));
	free(b);
	free(v);
}

/* As a guest may write them: no sum of them is outside of what is signed. */
TEST(gain_of_any_numbers_is_in_range)
{
	struct made *b = made(1500, 1), *v = made(1400, 1);
	struct hist *early = calloc(1, sizeof(*early));
	struct result_gain g;

	assert_non_null(early);
	b->hist.min = b->hist.max = UINT64_MAX;
	early->count = 5000;
	early->bucket[3] = 5000;
	early->min = early->max = UINT64_MAX;
	v->metric.early = early;
	v->metric.base = &b->metric;
	assert_true(result_gain(&v->metric, &g));
	assert_true(g.gain > INT64_MAX / 4 && g.low <= g.gain);
	assert_true(g.high >= g.gain);
	free(early);
	free(b);
	free(v);
}

/* n samples: the ranks 1 ... n are at, at + below/above for each further. */
static struct made *lopsided(uint64_t at, unsigned int n, uint64_t below,
			     uint64_t above)
{
	struct made *x = made(at, 0);
	unsigned int middle = (n + 1) / 2; /* the rank of the median */

	memset(&x->hist, 0, sizeof(x->hist));
	hist_init(&x->hist);
	for (unsigned int i = 1; i <= n; i++)
		hist_record(&x->hist,
			    i < middle ? at - (middle - i) * below
				       : at + (i - middle) * above,
			    i);
	return x;
}

/*
 * Of 101 samples the ranks 41 and 61 bound the median, of rank 51: 10 on each
 * side.  The base reaches 30 down and 40 up, the variant 40 down and 30 up.
 */
TEST(gain_joins_the_right_sides_of_both_intervals)
{
	struct made *b = lopsided(1500, 101, 3, 4);
	struct made *v = lopsided(1000, 101, 12, 5);
	struct result_gain g = compare(b, v, NULL);

	assert_int_equal(g.gain, 500);
	/* sqrt(30^2 + 50^2) down, sqrt(40^2 + 120^2) up */
	assert_int_equal(g.low, 500 - 59 + 0);
	assert_int_equal(g.high, 500 + 126);
}

TEST(gain_of_few_samples_reaches_to_the_ends)
{
	struct made *b = lopsided(1500, 7, 30, 40);
	struct made *v = lopsided(1400, 7, 0, 0);
	struct result_gain g = compare(b, v, NULL);

	assert_int_equal(g.low, 100 - 90);
	assert_int_equal(g.high, 100 + 120);
}

/* Five samples lie on one side of the median in 1 of 16 cases. */
TEST(gain_of_fewer_is_none)
{
	struct made *b = lopsided(1500, 101, 30, 40);
	struct made *v = lopsided(1400, 5, 0, 0);
	struct result_gain g;

	v->metric.base = &b->metric;
	assert_false(result_gain(&v->metric, &g));
	free(b);
	free(v);
}

/* They may have been above the median, or below. */
TEST(gain_with_samples_out_of_range_is_none)
{
	struct made *b = lopsided(1500, 101, 30, 40);
	struct made *v = lopsided(1400, 101, 0, 0);
	struct result_gain g;

	v->metric.base = &b->metric;
	assert_true(result_gain(&v->metric, &g));
	hist_record(&b->hist, 1ull << 40, 200);
	assert_false(result_gain(&v->metric, &g));
	free(b);
	free(v);
}

TEST(gain_below_nothing_within_the_noise_is_not_worse)
{
	struct made *b = lopsided(1500, 101, 10, 10);
	struct made *v = lopsided(1540, 101, 10, 10);
	struct result_gain g = compare(b, v, NULL);

	assert_int_equal(g.gain, -40);
	assert_string_equal(g.judged, "unclear");
}

/* Within a bucket of 16 cycles nobody knows where they are. */
TEST(gain_is_known_no_better_than_the_buckets)
{
	struct made *b = made(20000, 1), *v = made(19997, 1);
	struct result_gain g = compare(b, v, NULL);

	assert_true(g.low <= 3 && 3 <= g.high);
}
