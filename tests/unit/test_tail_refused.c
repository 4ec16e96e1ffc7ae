/* SPDX-License-Identifier: BSD-2-Clause */
/* test_tail_refused.c - what no tail is estimated of, and what that costs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/tail_made.h"
#include "tests/unit/unit.h"

TEST(tail_of_too_few_samples_is_refused)
{
	struct tail_made *m = tail_made_new(6);

	tail_add_even(m, 999, 0);
	assert_tail_refused(m, "too few samples");
	m = tail_made_new(6);
	tail_add_even(m, 1000, 0);
	assert_null(tail_of(m)->refused);
	assert_int_equal(m->tail.samples, 100);
	free(m);
	m = tail_made_new(6);
	assert_tail_refused(m, "too few samples");
	/* Enough in all, but not at this end. */
	m = tail_made_new(6);
	tail_add_even(m, 49, 0);
	for (unsigned int i = 0; i < 10000; i++)
		tail_add_early(m, 1000000 + i);
	assert_tail_refused(m, "too few samples");
}

TEST(tail_of_samples_that_are_alike_is_refused)
{
	struct tail_made *m = tail_made_new(7);

	for (unsigned int i = 0; i < 100000; i++)
		tail_add(m, UNIT);
	assert_tail_refused(m, "too much alike");
	/* A clock that ticks coarsely: three values in the tail. */
	m = tail_made_new(7);
	for (unsigned int i = 0; i < 1000; i++)
		tail_add(m,
			 UNIT + 1000 * floor(tail_pareto((i + 0.5) / 1000, 0)));
	assert_tail_refused(m, "too much alike");
	/* One that ticks less coarsely: 30 % are in the first of its steps. */
	m = tail_made_new(7);
	for (unsigned int i = 0; i < 1000; i++)
		tail_add(m,
			 UNIT + 1000 * floor(tail_pareto((i + 0.5) / 1000, 0) /
					     0.35));
	assert_tail_refused(m, "too much alike");
}

TEST(tail_that_is_too_heavy_is_refused)
{
	struct tail_made *m = tail_made_new(8);

	tail_add_even(m, 100000, 0.9);
	assert_tail_refused(m, "too heavy");
}

/* Chance makes some of them look lighter: the fewer samples, the more often. */
TEST(tail_that_is_too_heavy_is_refused_nearly_every_time)
{
	struct tail_made *m = tail_made_new(15);
	unsigned int nr = 0;

	for (unsigned int k = 0; k < 200; k++) {
		tail_clear(m);
		tail_add_random(m, 5000, 1);
		nr += !tail_of(m)->refused;
	}
	assert_in_range(nr, 0, 2);
	free(m);
}

TEST(tail_that_does_not_fit_is_refused)
{
	struct tail_made *m = tail_made_new(9);

	tail_add_even(m, 100000, -0.5);
	/* Two humps, both within every number of samples that is tried. */
	for (unsigned int i = 0; i < 20; i++)
		tail_add(m, UNIT * 5 + i * 100);
	for (unsigned int i = 0; i < 25; i++)
		tail_add(m, UNIT * 5.5 + i * 100);
	assert_tail_refused(m, "no generalized Pareto");
}

TEST(tail_with_samples_out_of_range_is_refused)
{
	struct tail_made *m = tail_made_new(10);

	tail_add_even(m, 10000, 0);
	tail_add(m, 1e12);
	assert_tail_refused(m, "out of the histogram's range");
	m = tail_made_new(10);
	tail_add_even(m, 10000, 0);
	tail_add_early(m, 1ull << 40);
	assert_tail_refused(m, "out of the histogram's range");
}

/* The time that all estimates of a run take is bounded by what is counted. */
TEST(tail_work_of_a_run_is_bounded)
{
	unsigned int nr = 0, samples = 0;
	struct tail_made *m = tail_made_new(11);
	uint64_t work = TAIL_WORK;

	tail_add_even(m, 100000, 0);
	tail_of(m);
	for (unsigned int i = 0; i < 128; i++) {
		uint64_t before = work;

		tail_estimate(&m->tail, &m->dist, &m->series, &work);
		assert_true(work <= before);
		if (m->tail.refused) {
			assert_has(m->tail.refused, "only so many");
			continue;
		}
		assert_int_equal(nr++, i); /* the first ones get it */
		samples = m->tail.events;
		assert_int_equal(before - work, 200 * samples);
	}
	assert_int_equal(nr, TAIL_WORK / (200 * samples));
	assert_in_range(nr, 8, 14);
	free(m);
}

/* Bad at every number of samples, which costs less than a good fit. */
TEST(tail_that_does_not_fit_costs_little)
{
	struct tail_made *m = tail_made_new(13);
	uint64_t work = TAIL_WORK;

	tail_add_even(m, 100000, -0.5);
	for (unsigned int hump = 0; hump < 6; hump++)
		for (unsigned int i = 0; i < 20u << hump; i++)
			tail_add(m, UNIT * (10 - hump) + i * 40);
	tail_of(m);
	assert_non_null(m->tail.refused);
	tail_estimate(&m->tail, &m->dist, &m->series, &work);
	assert_has(m->tail.refused, "no generalized Pareto");
	assert_in_range(TAIL_WORK - work, 1, 60 * (400 + 200 + 100));
	free(m);
}

/* A possible one, of any values. */
static void any_series(struct tail_made *m, uint64_t nr)
{
	memset(&m->series, 0, sizeof(m->series));
	series_init(&m->series, nr);
	for (uint64_t i = 0; i < nr; i++)
		series_record(&m->series, (int64_t)(rng_next(&m->rng) >>
						    rng_below(&m->rng, 64)));
}

TEST(tail_survives_any_bits)
{
	struct tail_made *m = tail_made_new(12);
	uint64_t *words = (void *)&m->late;

	for (unsigned int i = 0; i < 300; i++) {
		uint64_t work = 200 * 1000;

		memset(&m->late, 0, sizeof(m->late));
		for (unsigned int k = 0; k < 40 * (i + 1); k++) {
			size_t n = rng_below(&m->rng, sizeof(m->late) / 8);

			words[n] = rng_next(&m->rng) >>
				   (i % 2 ? 60 : rng_below(&m->rng, 64));
		}
		m->late.count = rng_next(&m->rng) >> rng_below(&m->rng, 64);
		m->late.out_of_range = 0;
		any_series(m, m->late.count % 20000);
		tail_estimate(&m->tail, &m->dist, &m->series, &work);
		if (m->tail.refused)
			continue;
		assert_true(isfinite(m->tail.level) && isfinite(m->tail.low) &&
			    isfinite(m->tail.high));
	}
	free(m);
}

#define BLOCKS	  SERIES_BLOCKS
#define BLOCK_LEN 300
#define LARGE	  7 /* of a block, so far apart that each is an event */

/*
 * The same samples: as many large ones in each block, but the largest of all
 * are every one in so many of the blocks, those at both ends of the run alike.
 */
static void largest_in(struct tail_made *m, unsigned int blocks)
{
	unsigned int next = 0, rest = BLOCKS * LARGE;
	bool is_one[BLOCKS] = {false};
	double value[BLOCKS][LARGE];

	tail_clear(m);
	for (unsigned int i = 0; i < blocks; i++)
		is_one[i % 2 ? BLOCKS - 1 - i / 2 * (BLOCKS / blocks)
			     : i / 2 * (BLOCKS / blocks)] = true;
	for (int others = 0; others < 2; others++)
		for (unsigned int k = 0; k < LARGE; k++)
			for (unsigned int i = 0; i < BLOCKS; i++)
				if (is_one[i] != others)
					value[i][k] = next++;
	for (unsigned int i = 0; i < BLOCKS * BLOCK_LEN; i++) {
		unsigned int at = i % BLOCK_LEN, step = BLOCK_LEN / LARGE + 1;
		double rank =
			at % step ? rest++ : value[i / BLOCK_LEN][at / step];

		tail_add(m, UNIT * (1 + tail_pareto((rank + 0.5) / (BLOCKS *
								    BLOCK_LEN),
						    -0.9)));
	}
	tail_as_is(m);
}

/* By the largest of each block the tail is heavier than by all that are large.
 */
TEST(tail_that_the_largest_of_blocks_contradict_is_refused)
{
	struct tail_made *m = tail_made_new(19);

	largest_in(m, BLOCKS);
	assert_null(m->tail.refused);
	largest_in(m, BLOCKS / 4);
	assert_non_null(m->tail.refused);
	assert_has(m->tail.refused, "equal parts of the run say something");
	free(m);
}
