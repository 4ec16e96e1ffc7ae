/* SPDX-License-Identifier: BSD-2-Clause */
/* test_tail.c - estimates beyond the largest sample, against the truth. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/tail_made.h"
#include "tests/unit/unit.h"

TEST(tail_of_a_pareto_distribution_is_it)
{
	static const double shapes[] = {-0.3, 0, 0.1, 0.3};

	for (unsigned int i = 0; i < 4; i++) {
		struct tail_made *m = tail_made_new(1);
		const struct tail *t;
		double truth = UNIT * (1 + tail_pareto(1e-6, shapes[i]));

		tail_add_even(m, 100000, shapes[i]);
		t = tail_of(m);
		assert_null(t->refused);
		assert_true(t->one_in == 1e6);
		assert_int_equal(t->samples, 400);
		assert_in_range(t->events, 300, 400);
		if (fabs(t->shape - shapes[i]) > 0.06)
			fail_msg("shape %g, wanted %g", t->shape, shapes[i]);
		if (!tail_near(t->level, truth, 0.1))
			fail_msg("shape %g: level %g, wanted %g", shapes[i],
				 t->level, truth);
		assert_true(t->low < truth && truth < t->high);
		assert_true(t->low <= t->level && t->level <= t->high);
		assert_true(t->threshold < t->low);
		assert_true(t->p_value > 0.5 && t->p_value <= 1);
		free(m);
	}
}

/* 200 series each: what it is bounded by from below is below it. */
TEST(tail_interval_holds_the_true_level)
{
	static const double shapes[] = {-0.2, 0, 0.2};

	for (unsigned int i = 0; i < 3; i++) {
		unsigned int held = 0, all = 0;
		struct tail_made *m = tail_made_new(100 + i);
		double truth = UNIT * (1 + tail_pareto(1e-4, shapes[i]));

		for (unsigned int k = 0; k < 200; k++) {
			tail_clear(m);
			tail_add_random(m, 1000, shapes[i]);
			tail_of(m);
			if (m->tail.refused)
				continue;
			all++;
			held += m->tail.low <= truth;
		}
		/* One in 10 good fits is taken for a bad one. */
		if (all < 150)
			fail_msg("shape %g: %u estimates", shapes[i], all);
		if (held < all * 92 / 100)
			fail_msg("shape %g: %u of %u hold it", shapes[i], held,
				 all);
		free(m);
	}
}

/* 80 events of 5 samples each are no 400 events. */
TEST(tail_counts_events_not_samples)
{
	struct tail_made *m = tail_made_new(16);
	struct tail alone;

	for (unsigned int i = 0; i < 20000; i++)
		tail_add(m,
			 UNIT * (1 + tail_pareto((i + 0.5) / 20000, 0) / 100));
	tail_shuffle(m);
	for (unsigned int i = 0; i < 80; i++)
		for (unsigned int k = 0; k < 5; k++) {
			double x = tail_pareto(((i * 37 % 80) + 0.5) / 80, 0);

			m->sample[i * 250 + k] =
				(int64_t)(UNIT * (1.12 + x * (1 - k * 0.05)));
		}
	tail_clear_hist(m);
	alone = *tail_as_is(m);
	if (alone.refused)
		fail_msg("%s", alone.refused);
	assert_int_equal(alone.samples, 400);
	if (alone.events < 60 || alone.events > 110)
		fail_msg("%u events", alone.events);
	free(m);
}

TEST(tail_of_fewer_than_50_events_is_refused)
{
	struct tail_made *m = tail_made_new(17);

	tail_add_even(m, 20000, 0);
	tail_shuffle(m);
	/* All that is large comes in 20 bursts. */
	for (unsigned int i = 0; i < 20; i++)
		for (unsigned int k = 0; k < 25; k++)
			m->sample[i * 1000 + k] = (int64_t)(UNIT * 30) +
						  1000 * (int64_t)(i * 25 + k);
	tail_clear_hist(m);
	tail_as_is(m);
	assert_non_null(m->tail.refused);
	assert_has(m->tail.refused, "fewer than 50 events");
	free(m);
}

/* As many events in both, but larger ones in the second. */
TEST(tail_of_a_run_whose_halves_differ_is_refused)
{
	struct tail_made *m = tail_made_new(18);

	tail_add_even(m, 20000, 0);
	tail_shuffle(m);
	for (unsigned int i = 0; i < 20000; i++) {
		int64_t above = m->sample[i] - (int64_t)(UNIT * 5);

		if (above > 0)
			m->sample[i] += i < 10000 ? -above / 3 : above / 3;
	}
	tail_clear_hist(m);
	tail_as_is(m);
	assert_non_null(m->tail.refused);
	assert_has(m->tail.refused, "two halves");
	free(m);
}

/* The buckets are as wide there as an eighth of the scale. */
TEST(tail_of_samples_that_share_buckets_is_not_shifted)
{
	struct tail_made *m = tail_made_new(14);
	const struct tail *t;
	double level;

	for (unsigned int i = 0; i < 10000; i++)
		tail_add(m, 1e6 + 4000 * tail_pareto((i + 0.5) / 10000, 0));
	t = tail_of(m);
	assert_null(t->refused);
	assert_int_equal(t->samples, 400);
	if (!tail_near(t->level - 1e6, 4000 * tail_pareto(1e-5, 0), 0.05))
		fail_msg("level %g", t->level);
	/* Bounds that say something. */
	level = t->level - t->threshold;
	assert_true(t->low - t->threshold > level * 0.6);
	assert_true(t->high - t->threshold < level * 1.8);
	free(m);
}

TEST(tail_takes_fewer_samples_when_more_do_not_follow_it)
{
	struct tail_made *m = tail_made_new(2);

	/* 300 on a hump, 100 above it on a tail of their own. */
	tail_add_even(m, 100000, -0.9);
	for (unsigned int i = 0; i < 300; i++)
		tail_add(m, UNIT * (10 + i * 1e-3));
	for (unsigned int i = 0; i < 110; i++)
		tail_add(m, UNIT * (12 + tail_pareto((i + 0.5) / 110, 0)));
	tail_of(m);
	assert_null(m->tail.refused);
	assert_int_equal(m->tail.samples, 100);
	free(m);
}

TEST(tail_is_the_same_every_time)
{
	struct tail_made *m = tail_made_new(3);
	struct tail first;

	tail_add_random(m, 5000, 0.1);
	first = *tail_of(m);
	tail_as_is(m);
	assert_memory_equal(&first, &m->tail, sizeof(first));
	free(m);
}

TEST(tail_knows_no_unit)
{
	struct tail_made *m = tail_made_new(4), *big = tail_made_new(4);

	tail_add_even(m, 10000, 0.2);
	for (unsigned int i = 0; i < 10000; i++)
		tail_add(big,
			 1024 * UNIT *
				 (1 + tail_pareto((i + 0.5) / 10000, 0.2)));
	tail_of(m);
	tail_of(big);
	assert_null(m->tail.refused);
	assert_true(tail_near(big->tail.level, 1024 * m->tail.level, 0.001));
	assert_true(tail_near(big->tail.high, 1024 * m->tail.high, 0.01));
	free(m);
	free(big);
}

/* They are samples of the run, but not of this end of it. */
TEST(tail_counts_early_samples_and_leaves_them_alone)
{
	struct tail_made *m = tail_made_new(5);
	struct tail without;

	tail_add_even(m, 10000, 0);
	without = *tail_of(m);
	for (unsigned int i = 0; i < 10000; i++)
		tail_add_early(m, 1000000 + i);
	tail_of(m);
	assert_null(m->tail.refused);
	assert_true(m->tail.one_in == 2 * without.one_in);
	if (!tail_near(m->tail.level, without.level, 0.15))
		fail_msg("level %g, without them %g", m->tail.level,
			 without.level);
	free(m);
}
