/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_simulated.c - intervals hold the truth as often as they say, in runs
 * whose samples follow one another; tests/bench/coverage has the full size.
 */
#include "tests/unit/simulated.h"
#include "tests/unit/unit.h"

#define RUNS 60
#define NR   4000

static void check(const char *kind, const char *what, const struct coverage *c)
{
	/* 95 % of 60, less two standard deviations; of few it is chance. */
	if (c->said >= RUNS / 3 && c->held * 100 < c->said * 89)
		fail_msg("%s, %s: %u of %u hold the truth", kind, what, c->held,
			 c->said);
}

TEST(simulated_intervals_hold_the_truth_or_nothing_is_said)
{
	for (int k = 0; k < NR_SIMULATED; k++) {
		struct coverages c;

		simulate((enum simulated)k, NR, RUNS, 0, &c);
		for (int i = 0; i < NR_REPORT_QUANTILES; i++)
			check(simulated_names[k], report_quantiles[i].name,
			      &c.quantile[i]);
		check(simulated_names[k], "tail", &c.tail);
		/* The median is known in any of them. */
		assert_in_range(c.quantile[0].said, RUNS - 2, RUNS);
		/* 40 samples above p99 are fewer than 50 events. */
		assert_int_equal(c.quantile[2].said, 0);
	}
}

TEST(simulated_tails_are_estimated_where_there_is_one)
{
	struct coverages c;

	simulate(SIM_EXPONENTIAL, NR, RUNS, 0, &c);
	assert_in_range(c.tail.said, RUNS * 8 / 10, RUNS);
	simulate(SIM_PARETO, NR, RUNS, 0, &c);
	assert_in_range(c.tail.said, 0, RUNS / 10);
	/* Three quarters of the largest samples are no event of their own. */
	simulate(SIM_AR1, NR, RUNS, 0, &c);
	assert_in_range(c.tail.said, 0, RUNS * 6 / 10);
}

TEST(simulated_rounds_hold_what_differs_between_runs)
{
	struct coverages c;

	for (int k = 0; k < NR_SIMULATED; k++) {
		simulate((enum simulated)k, NR / 4, RUNS, 5, &c);
		check(simulated_names[k], "5 rounds", &c.quantile[0]);
		if (k !=
		    SIM_AR1) /* of 1,000 such samples too little is known */
			assert_int_equal(c.quantile[0].said, RUNS);
	}
}
