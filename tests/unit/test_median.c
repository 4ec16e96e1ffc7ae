/* SPDX-License-Identifier: BSD-2-Clause */
/* test_median.c - medians of two runs, and what lies between them. */
#include <stdlib.h>

#include "tests/unit/unit.h"
#include "vmm/result/median.h"

/*
 * n samples: the ranks below the median are below apart from each other, those
 * above it above.
 */
static struct median lopsided(uint64_t at, unsigned int n, uint64_t below,
			      uint64_t above)
{
	struct hist *h = calloc(1, sizeof(*h));
	struct result_metric m = {.status = METRIC_DONE, .hist = h};
	unsigned int middle = (n + 1) / 2; /* the rank of the median */
	struct median found;

	assert_non_null(h);
	hist_init(h);
	for (unsigned int i = 1; i <= n; i++)
		hist_record(h,
			    i < middle ? at - (middle - i) * below
				       : at + (i - middle) * above,
			    i);
	found = median_of(&m);
	free(h);
	return found;
}

/*
 * Of 101 samples the ranks 41 and 61 bound the median, of rank 51: 10 on each
 * side.  The first reaches 30 down and 40 up, the second 120 down and 50 up.
 */
TEST(median_difference_joins_the_right_sides_of_both_intervals)
{
	struct median d = median_difference(lopsided(1500, 101, 3, 4),
					    lopsided(1000, 101, 12, 5));

	assert_int_equal(d.mid, 500);
	/* sqrt(30^2 + 50^2) down, sqrt(40^2 + 120^2) up */
	assert_in_range(d.low, 500 - 59, 500 - 58);
	assert_in_range(d.high, 500 + 126, 500 + 127);
}

TEST(median_of_few_samples_reaches_to_the_ends)
{
	struct median d = median_difference(lopsided(1500, 7, 30, 40),
					    lopsided(1400, 7, 0, 0));

	assert_int_equal(d.low, 100 - 90);
	assert_int_equal(d.high, 100 + 120);
}

/* Within a bucket of 16 cycles nobody knows where they are. */
TEST(median_is_known_no_better_than_the_buckets)
{
	struct median d = median_difference(lopsided(20000, 101, 0, 0),
					    lopsided(19997, 101, 0, 0));

	assert_true(d.low <= 3 && 3 <= d.high);
}
