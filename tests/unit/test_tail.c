/* SPDX-License-Identifier: BSD-2-Clause */
/* test_tail.c - estimates beyond the largest sample, against the truth. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/statistics/tail.h"

#define UNIT 20000.0 /* cycles */

#define MOST 200000

/* The samples, which come in random order. */
struct made {
	struct hist late, early;
	struct series series;
	int64_t sample[MOST];
	unsigned int nr;
	struct dist dist;
	struct rng rng;
	struct tail tail;
};

static struct made *made_new(uint64_t seed)
{
	struct made *m = calloc(1, sizeof(*m));

	assert_non_null(m);
	hist_init(&m->late);
	hist_init(&m->early);
	m->dist.late = &m->late;
	m->rng.state = seed;
	return m;
}

static void clear(struct made *m)
{
	memset(&m->late, 0, sizeof(m->late));
	hist_init(&m->late);
	m->nr = 0;
}

/* Anew, of the samples as they are. */
static void clear_hist(struct made *m)
{
	memset(&m->late, 0, sizeof(m->late));
	hist_init(&m->late);
	for (unsigned int i = 0; i < m->nr; i++)
		hist_record(&m->late, (uint64_t)m->sample[i], i + 1);
}

/* What is exceeded with a probability, in units above 1. */
static double pareto(double above, double shape)
{
	return shape == 0 ? -log(above) : (pow(above, -shape) - 1) / shape;
}

static void add(struct made *m, double value)
{
	assert_true(m->nr < MOST);
	hist_record(&m->late, (uint64_t)value, m->late.count + 1);
	m->sample[m->nr++] = (int64_t)value;
}

static void add_early(struct made *m, uint64_t value)
{
	assert_true(m->nr < MOST);
	m->dist.early = &m->early;
	hist_record(&m->early, value, m->early.count + 1);
	m->sample[m->nr++] = -(int64_t)value;
}

static void add_random(struct made *m, unsigned int nr, double shape)
{
	for (unsigned int i = 0; i < nr; i++) {
		double u = ((double)(rng_next(&m->rng) >> 11) + 0.5) * 0x1p-53;

		add(m, UNIT * (1 + pareto(u, shape)));
	}
}

/* No chance in it: the middles of nr equal parts. */
static void add_even(struct made *m, unsigned int nr, double shape)
{
	for (unsigned int i = 0; i < nr; i++)
		add(m, UNIT * (1 + pareto((i + 0.5) / nr, shape)));
}

static void shuffle(struct made *m)
{
	struct rng rng = {.state = 99};

	for (unsigned int i = m->nr; i > 1; i--) {
		unsigned int k = (unsigned int)rng_below(&rng, i);
		int64_t swap = m->sample[k];

		m->sample[k] = m->sample[i - 1];
		m->sample[i - 1] = swap;
	}
}

/* In the order that they have. */
static const struct tail *estimate_as_is(struct made *m)
{
	uint64_t work = TAIL_WORK;

	memset(&m->series, 0, sizeof(m->series));
	series_init(&m->series, m->nr);
	for (unsigned int i = 0; i < m->nr; i++)
		series_record(&m->series, m->sample[i]);
	tail_estimate(&m->tail, &m->dist, &m->series, &work);
	return &m->tail;
}

static const struct tail *estimate(struct made *m)
{
	shuffle(m);
	return estimate_as_is(m);
}

static void assert_refused(struct made *m, const char *why)
{
	estimate(m);
	if (!m->tail.refused)
		fail_msg("wanted '%s', got shape %g of %u samples, level %g",
			 why, m->tail.shape, m->tail.samples, m->tail.level);
	assert_has(m->tail.refused, why);
	free(m);
}

static bool near(double a, double b, double part)
{
	return fabs(a - b) <= part * fabs(b);
}

TEST(tail_of_a_pareto_distribution_is_it)
{
	static const double shapes[] = {-0.3, 0, 0.1, 0.3};

	for (unsigned int i = 0; i < 4; i++) {
		struct made *m = made_new(1);
		const struct tail *t;
		double truth = UNIT * (1 + pareto(1e-6, shapes[i]));

		add_even(m, 100000, shapes[i]);
		t = estimate(m);
		assert_null(t->refused);
		assert_true(t->one_in == 1e6);
		assert_int_equal(t->samples, 400);
		assert_in_range(t->events, 300, 400);
		if (fabs(t->shape - shapes[i]) > 0.06)
			fail_msg("shape %g, wanted %g", t->shape, shapes[i]);
		if (!near(t->level, truth, 0.1))
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
		struct made *m = made_new(100 + i);
		double truth = UNIT * (1 + pareto(1e-4, shapes[i]));

		for (unsigned int k = 0; k < 200; k++) {
			clear(m);
			add_random(m, 1000, shapes[i]);
			estimate(m);
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
	struct made *m = made_new(16);
	struct tail alone;

	for (unsigned int i = 0; i < 20000; i++)
		add(m, UNIT * (1 + pareto((i + 0.5) / 20000, 0) / 100));
	shuffle(m);
	for (unsigned int i = 0; i < 80; i++)
		for (unsigned int k = 0; k < 5; k++) {
			double x = pareto(((i * 37 % 80) + 0.5) / 80, 0);

			m->sample[i * 250 + k] =
				(int64_t)(UNIT * (1.12 + x * (1 - k * 0.05)));
		}
	clear_hist(m);
	alone = *estimate_as_is(m);
	if (alone.refused)
		fail_msg("%s", alone.refused);
	assert_int_equal(alone.samples, 400);
	if (alone.events < 60 || alone.events > 110)
		fail_msg("%u events", alone.events);
	free(m);
}

TEST(tail_of_fewer_than_50_events_is_refused)
{
	struct made *m = made_new(17);

	add_even(m, 20000, 0);
	shuffle(m);
	/* All that is large comes in 20 bursts. */
	for (unsigned int i = 0; i < 20; i++)
		for (unsigned int k = 0; k < 25; k++)
			m->sample[i * 1000 + k] = (int64_t)(UNIT * 30) +
						  1000 * (int64_t)(i * 25 + k);
	clear_hist(m);
	estimate_as_is(m);
	assert_non_null(m->tail.refused);
	assert_has(m->tail.refused, "fewer than 50 events");
	free(m);
}

/* As many events in both, but larger ones in the second. */
TEST(tail_of_a_run_whose_halves_differ_is_refused)
{
	struct made *m = made_new(18);

	add_even(m, 20000, 0);
	shuffle(m);
	for (unsigned int i = 0; i < 20000; i++) {
		int64_t above = m->sample[i] - (int64_t)(UNIT * 5);

		if (above > 0)
			m->sample[i] += i < 10000 ? -above / 3 : above / 3;
	}
	clear_hist(m);
	estimate_as_is(m);
	assert_non_null(m->tail.refused);
	assert_has(m->tail.refused, "two halves");
	free(m);
}

/* The buckets are as wide there as an eighth of the scale. */
TEST(tail_of_samples_that_share_buckets_is_not_shifted)
{
	struct made *m = made_new(14);
	const struct tail *t;
	double level;

	for (unsigned int i = 0; i < 10000; i++)
		add(m, 1e6 + 4000 * pareto((i + 0.5) / 10000, 0));
	t = estimate(m);
	assert_null(t->refused);
	assert_int_equal(t->samples, 400);
	if (!near(t->level - 1e6, 4000 * pareto(1e-5, 0), 0.05))
		fail_msg("level %g", t->level);
	/* Bounds that say something. */
	level = t->level - t->threshold;
	assert_true(t->low - t->threshold > level * 0.6);
	assert_true(t->high - t->threshold < level * 1.8);
	free(m);
}

TEST(tail_takes_fewer_samples_when_more_do_not_follow_it)
{
	struct made *m = made_new(2);

	/* 300 on a hump, 100 above it on a tail of their own. */
	add_even(m, 100000, -0.9);
	for (unsigned int i = 0; i < 300; i++)
		add(m, UNIT * (10 + i * 1e-3));
	for (unsigned int i = 0; i < 110; i++)
		add(m, UNIT * (12 + pareto((i + 0.5) / 110, 0)));
	estimate(m);
	assert_null(m->tail.refused);
	assert_int_equal(m->tail.samples, 100);
	free(m);
}

TEST(tail_is_the_same_every_time)
{
	struct made *m = made_new(3);
	struct tail first;

	add_random(m, 5000, 0.1);
	first = *estimate(m);
	estimate_as_is(m);
	assert_memory_equal(&first, &m->tail, sizeof(first));
	free(m);
}

TEST(tail_knows_no_unit)
{
	struct made *m = made_new(4), *big = made_new(4);

	add_even(m, 10000, 0.2);
	for (unsigned int i = 0; i < 10000; i++)
		add(big, 1024 * UNIT * (1 + pareto((i + 0.5) / 10000, 0.2)));
	estimate(m);
	estimate(big);
	assert_null(m->tail.refused);
	assert_true(near(big->tail.level, 1024 * m->tail.level, 0.001));
	assert_true(near(big->tail.high, 1024 * m->tail.high, 0.01));
	free(m);
	free(big);
}

/* They are samples of the run, but not of this end of it. */
TEST(tail_counts_early_samples_and_leaves_them_alone)
{
	struct made *m = made_new(5);
	struct tail without;

	add_even(m, 10000, 0);
	without = *estimate(m);
	for (unsigned int i = 0; i < 10000; i++)
		add_early(m, 1000000 + i);
	estimate(m);
	assert_null(m->tail.refused);
	assert_true(m->tail.one_in == 2 * without.one_in);
	if (!near(m->tail.level, without.level, 0.15))
		fail_msg("level %g, without them %g", m->tail.level,
			 without.level);
	free(m);
}

TEST(tail_of_too_few_samples_is_refused)
{
	struct made *m = made_new(6);

	add_even(m, 999, 0);
	assert_refused(m, "too few samples");
	m = made_new(6);
	add_even(m, 1000, 0);
	assert_null(estimate(m)->refused);
	assert_int_equal(m->tail.samples, 100);
	free(m);
	m = made_new(6);
	assert_refused(m, "too few samples");
	/* Enough in all, but not at this end. */
	m = made_new(6);
	add_even(m, 49, 0);
	for (unsigned int i = 0; i < 10000; i++)
		add_early(m, 1000000 + i);
	assert_refused(m, "too few samples");
}

TEST(tail_of_samples_that_are_alike_is_refused)
{
	struct made *m = made_new(7);

	for (unsigned int i = 0; i < 100000; i++)
		add(m, UNIT);
	assert_refused(m, "too much alike");
	/* A clock that ticks coarsely: three values in the tail. */
	m = made_new(7);
	for (unsigned int i = 0; i < 1000; i++)
		add(m, UNIT + 1000 * floor(pareto((i + 0.5) / 1000, 0)));
	assert_refused(m, "too much alike");
	/* One that ticks less coarsely: 30 % are in the first of its steps. */
	m = made_new(7);
	for (unsigned int i = 0; i < 1000; i++)
		add(m, UNIT + 1000 * floor(pareto((i + 0.5) / 1000, 0) / 0.35));
	assert_refused(m, "too much alike");
}

TEST(tail_that_is_too_heavy_is_refused)
{
	struct made *m = made_new(8);

	add_even(m, 100000, 0.9);
	assert_refused(m, "too heavy");
}

/* Chance makes some of them look lighter: the fewer samples, the more often. */
TEST(tail_that_is_too_heavy_is_refused_nearly_every_time)
{
	struct made *m = made_new(15);
	unsigned int nr = 0;

	for (unsigned int k = 0; k < 200; k++) {
		clear(m);
		add_random(m, 5000, 1);
		nr += !estimate(m)->refused;
	}
	assert_in_range(nr, 0, 2);
	free(m);
}

TEST(tail_that_does_not_fit_is_refused)
{
	struct made *m = made_new(9);

	add_even(m, 100000, -0.5);
	/* Two humps, both within every number of samples that is tried. */
	for (unsigned int i = 0; i < 20; i++)
		add(m, UNIT * 5 + i * 100);
	for (unsigned int i = 0; i < 25; i++)
		add(m, UNIT * 5.5 + i * 100);
	assert_refused(m, "no generalized Pareto");
}

TEST(tail_with_samples_out_of_range_is_refused)
{
	struct made *m = made_new(10);

	add_even(m, 10000, 0);
	add(m, 1e12);
	assert_refused(m, "out of the histogram's range");
	m = made_new(10);
	add_even(m, 10000, 0);
	add_early(m, 1ull << 40);
	assert_refused(m, "out of the histogram's range");
}

/* The time that all estimates of a run take is bounded by what is counted. */
TEST(tail_work_of_a_run_is_bounded)
{
	unsigned int nr = 0, samples = 0;
	struct made *m = made_new(11);
	uint64_t work = TAIL_WORK;

	add_even(m, 100000, 0);
	estimate(m);
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
	struct made *m = made_new(13);
	uint64_t work = TAIL_WORK;

	add_even(m, 100000, -0.5);
	for (unsigned int hump = 0; hump < 6; hump++)
		for (unsigned int i = 0; i < 20u << hump; i++)
			add(m, UNIT * (10 - hump) + i * 40);
	estimate(m);
	assert_non_null(m->tail.refused);
	tail_estimate(&m->tail, &m->dist, &m->series, &work);
	assert_has(m->tail.refused, "no generalized Pareto");
	assert_in_range(TAIL_WORK - work, 1, 60 * (400 + 200 + 100));
	free(m);
}

/* A possible one, of any values. */
static void any_series(struct made *m, uint64_t nr)
{
	memset(&m->series, 0, sizeof(m->series));
	series_init(&m->series, nr);
	for (uint64_t i = 0; i < nr; i++)
		series_record(&m->series, (int64_t)(rng_next(&m->rng) >>
						    rng_below(&m->rng, 64)));
}

TEST(tail_survives_any_bits)
{
	struct made *m = made_new(12);
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
