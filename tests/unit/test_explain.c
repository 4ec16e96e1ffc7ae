/* SPDX-License-Identifier: BSD-2-Clause */
/* test_explain.c - ways and stages of many samples. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/explained.h"
#include "tests/unit/unit.h"

TEST(explain_of_no_samples_is_empty)
{
	struct explained_run *u = explained_new(SPAN_IPI);
	const struct explain *x = explained_run(u);

	assert_int_equal(x->nr_traced, 0);
	assert_int_equal(x->traced_p50, 0);
	assert_int_equal(x->nr_classes + x->nr_worst + x->nr_tally, 0);
	explained_free(u);
}

TEST(explain_does_not_cut_what_came_too_early)
{
	struct explained_run *u = explained_new(SPAN_TIMER);
	const struct explain *x;

	explained_plain(u, -5);
	explained_plain(u, 0);
	explained_plain(u, 7);
	explained_plain(u, INT64_MIN);
	x = explained_run(u);
	assert_int_equal(x->nr_traced, 4);
	assert_int_equal(x->traced_p50, 7);
	assert_int_equal(x->nr_classes, 1);
	assert_int_equal(x->classes[0].nr, 1);
	assert_int_equal(x->nr_worst, 1);
	assert_int_equal(x->worst[0].value, 7);
	explained_free(u);
}

TEST(explain_spreads_are_exact)
{
	struct explained_run *u = explained_new(SPAN_IPI);
	const struct explain_spread *s;
	const struct explain *x;

	for (int64_t i = 1; i <= 200; i++)
		explained_plain(u, i * 77 % 201); /* each of 1 to 200 */
	x = explained_run(u);
	assert_int_equal(x->nr_classes, 1);
	assert_int_equal(x->classes[0].path, PATH_RUNNING);
	assert_int_equal(x->classes[0].nr_stages, 1);
	for (int i = 0; i < 2; i++) {
		s = i ? &x->classes[0].whole : &x->classes[0].stages[0].spread;
		assert_int_equal(s->min, 1);
		assert_int_equal(s->p50, 100);
		assert_int_equal(s->p90, 180);
		assert_int_equal(s->p99, 198);
		assert_int_equal(s->max, 200);
		assert_int_equal(s->sum, 200 * 201 / 2);
	}
	assert_int_equal(x->traced_p50, 100);
	assert_int_equal(x->nr_events, 0);
	explained_free(u);
	/* A rank is rounded up. */
	u = explained_new(SPAN_IPI);
	for (int64_t i = 1; i <= 3; i++)
		explained_plain(u, i);
	s = &explained_run(u)->classes[0].whole;
	assert_true(s->p50 == 2 && s->p90 == 3 && s->p99 == 3);
	explained_free(u);
	/* Of one sample, all are it. */
	u = explained_new(SPAN_IPI);
	explained_plain(u, 9);
	s = &explained_run(u)->classes[0].whole;
	assert_true(s->min == 9 && s->p50 == 9 && s->p90 == 9 && s->p99 == 9);
	assert_true(s->max == 9 && s->sum == 9);
	explained_free(u);
}

TEST(explain_has_a_class_for_each_way_the_commonest_first)
{
	const uint64_t took[STAGES_MAX] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
	struct explained_run *u = explained_new(SPAN_IPI);
	const struct explain *x;

	explained_plain(u, 50);
	for (unsigned int i = 0; i < 10; i++)
		explained_sample(u, took, 0);
	/* Without a kick no one says that it slept. */
	for (unsigned int i = 0; i < 3; i++)
		explained_plain(u, 60);
	for (unsigned int i = 0; i < 4; i++)
		explained_sample(u, took, 1u << 4);
	explained_sample(u, took, 1u << 5);
	x = explained_run(u);
	assert_int_equal(x->nr_classes, 2);
	assert_int_equal(x->classes[0].path, PATH_SLEPT);
	assert_int_equal(x->classes[0].nr, 10);
	assert_int_equal(x->classes[0].others, 5);
	assert_int_equal(x->classes[0].nr_stages, 9);
	assert_string_equal(x->classes[0].stages[4].name, "wakeup");
	assert_int_equal(x->classes[0].stages[4].spread.sum, 50);
	assert_int_equal(x->classes[0].whole.sum, 450);
	assert_int_equal(x->classes[1].path, PATH_RUNNING);
	assert_int_equal(x->classes[1].nr, 4);
	assert_int_equal(x->classes[1].others, 0);
	assert_int_equal(x->nr_events, 15 * 9 - 5);
	assert_int_equal(x->traced_p50, 45);
	explained_free(u);
}

TEST(explain_counts_events_from_begin_to_end)
{
	const uint64_t took[STAGES_MAX] = {0, 2, 3, 4, 5, 6, 7, 8, 0};
	struct explained_run *u = explained_new(SPAN_IPI);
	uint64_t at = explained_sample(u, took, 0);

	traced_add(&u->t, EVENT(at - 1, CPU(2), 0, TRACE_WORK), NULL);
	traced_add(&u->t, EVENT(at + 1, CPU(2), 0, TRACE_WORK), NULL);
	traced_add(&u->t, EVENT(at + 36, CPU(2), 0, TRACE_WORK), NULL);
	assert_int_equal(u->samples[0].value, 35);
	assert_int_equal(explained_run(u)->nr_events, 8 + 1 + 1);
	explained_free(u);
}

/* The others count for how common a way is. */
TEST(explain_classes_are_in_order_of_all_their_samples)
{
	const uint64_t took[STAGES_MAX] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
	struct explained_run *u = explained_new(SPAN_TIMER);
	const struct explain *x;

	for (unsigned int i = 0; i < 4; i++)
		explained_plain(u, 60);
	for (unsigned int i = 3; i < 8; i++)
		explained_sample(u, took, i == 4 ? 1u << 5 : 1u << i);
	x = explained_run(u);
	assert_int_equal(x->nr_classes, 2);
	assert_int_equal(x->classes[0].path, PATH_SLEPT);
	assert_int_equal(x->classes[0].nr, 2);
	assert_int_equal(x->classes[0].others, 3);
	assert_int_equal(x->classes[0].nr_stages, 8);
	assert_string_equal(x->classes[0].stages[5].name, "unblock+inject");
	assert_int_equal(x->classes[0].stages[5].spread.p50, 6 + 7);
	explained_free(u);
}

static void assert_ascends(const struct explain_spread *s, uint64_t nr)
{
	assert_true(s->min <= s->p50 && s->p50 <= s->p90);
	assert_true(s->p90 <= s->p99 && s->p99 <= s->max);
	assert_true(nr * s->min <= s->sum && s->sum <= nr * s->max);
}

static void check_class(const struct explain_class *c, uint64_t *nr)
{
	uint64_t sum = 0;

	assert_true(c->nr > 0 && c->nr_stages > 0);
	assert_ascends(&c->whole, c->nr);
	for (unsigned int i = 0; i < c->nr_stages; i++) {
		assert_ascends(&c->stages[i].spread, c->nr);
		sum += c->stages[i].spread.sum;
	}
	assert_int_equal(sum, c->whole.sum);
	*nr += c->nr + c->others;
}

static void check(const struct explain *x, uint64_t cut)
{
	unsigned int sum = 0;
	uint64_t nr = 0;

	for (unsigned int i = 0; i < x->nr_classes; i++) {
		const struct explain_class *c = &x->classes[i];

		check_class(c, &nr);
		if (i)
			assert_true(c[-1].nr + c[-1].others >=
				    c->nr + c->others);
	}
	assert_int_equal(nr, cut);
	assert_int_equal(x->nr_worst, cut < 16 ? cut : 16);
	for (unsigned int i = 1; i < x->nr_worst; i++)
		assert_true(x->worst[i - 1].value >= x->worst[i].value);
	for (unsigned int i = 0; i < x->nr_tally; i++) {
		sum += x->tally[i].nr;
		if (i)
			assert_true(x->tally[i - 1].nr >= x->tally[i].nr);
	}
	assert_int_equal(sum, x->nr_worst);
}

TEST(explain_of_any_samples_adds_up)
{
	struct rng rng = {.state = 77};

	for (unsigned int i = 0; i < 300; i++) {
		enum span_kind kind = (enum span_kind)(i % NR_SPAN_KINDS);
		struct explained_run *u = explained_new(kind);
		uint64_t nr = rng_below(&rng, 60), cut = 0;

		for (uint64_t k = 0; k < nr; k++) {
			uint64_t took[STAGES_MAX];
			bool late = rng_below(&rng, 6) != 0;

			for (unsigned int s = 0; s < STAGES_MAX; s++)
				took[s] = rng_below(&rng, 500);
			if (rng_below(&rng, 4) == 0)
				explained_plain(u, late ? 5 : -5);
			else
				explained_sample(
					u, took,
					rng_below(&rng, 3)
						? 0
						: 1u << rng_below(
							  &rng,
							  stages_nr(kind) - 1));
			cut += u->samples[u->nr - 1].value > 0;
		}
		check(explained_run(u), cut);
		assert_int_equal(u->x->nr_traced, nr);
		explained_free(u);
	}
}
