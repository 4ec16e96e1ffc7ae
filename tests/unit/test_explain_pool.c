/* SPDX-License-Identifier: BSD-2-Clause */
/* test_explain_pool.c - what --explain found in several rounds, as one. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/explained.h"
#include "tests/unit/unit.h"
#include "vmm/result/explain_pool.h"

#define ROUNDS 4

static const uint64_t usual[STAGES_MAX] = {10, 20, 30, 40, 50, 60, 70, 80, 90};

/* A round's trace of one metric, number 0; it owns what u found. */
static struct result_trace trace_of(struct explained_run *u)
{
	struct result_trace t = {
		.asked = true, .nr_events = 7, .lost = 1, .nr = 1};

	explained_run(u);
	t.list = calloc(1, sizeof(*t.list));
	assert_non_null(t.list);
	*t.list = *u->x;
	*u->x = (struct explain){.nr_rounds = 0};
	explained_free(u);
	return t;
}

static void add(struct result_trace *all, const struct result_trace *t,
		unsigned int round)
{
	trace_pool(all, t);
	assert_true(trace_pool_metric(all, 0, t, 0, round));
}

/* nr samples of SPAN_IPI whose every stage is longer by more. */
static struct result_trace round_of(unsigned int nr, uint64_t more,
				    uint32_t skip)
{
	struct explained_run *u = explained_new(SPAN_IPI);
	uint64_t took[STAGES_MAX];

	for (unsigned int i = 0; i < STAGES_MAX; i++)
		took[i] = usual[i] + more;
	for (unsigned int i = 0; i < nr; i++)
		explained_sample(u, took, skip);
	u->x->nr_plain = 100;
	u->x->nr_neither = 3;
	return trace_of(u);
}

/* Both rounds are freed. */
static struct result_trace pool_of(struct result_trace a, struct result_trace b)
{
	struct result_trace all = {.asked = false};

	add(&all, &a, 1);
	add(&all, &b, 2);
	trace_pool_end(&all);
	trace_free(&a);
	trace_free(&b);
	return all;
}

TEST(pool_adds_counts_up)
{
	struct result_trace all = pool_of(round_of(5, 0, 0), round_of(7, 0, 0));
	const struct explain *x = all.list;

	assert_int_equal(all.nr_events, 14);
	assert_int_equal(all.lost, 2);
	assert_int_equal(all.nr, 1);
	assert_int_equal(x->nr_rounds, 2);
	assert_int_equal(x->nr_traced, 12);
	assert_int_equal(x->nr_plain, 200);
	assert_int_equal(x->nr_neither, 6);
	assert_int_equal(x->nr_witnessed, 12);
	assert_int_equal(x->nr_odd, 0);
	assert_int_equal(x->nr_events, 12 * 9);
	assert_int_equal(x->traced_p50, 450);
	assert_false(x->priced);
	assert_null(x->pool);
	trace_free(&all);
}

TEST(pool_counts_what_is_no_ipi_of_all_rounds)
{
	struct result_trace all =
		pool_of(round_of(4, 0, 0), round_of(3, 0, 1u << 2));

	assert_int_equal(all.list->nr_witnessed, 7 - 3);
	/* A round without any IPI is of a KVM that shows none. */
	assert_int_equal(all.list->nr_odd, 0);
	trace_free(&all);
}

/* Of 10 and 30 samples the percentiles are not in the middle between them. */
TEST(pool_has_percentiles_of_all_samples)
{
	struct result_trace all =
		pool_of(round_of(10, 1, 0), round_of(30, 4, 0));
	const struct explain_class *c = all.list->classes;

	assert_int_equal(all.list->nr_classes, 1);
	assert_int_equal(c->nr, 40);
	assert_int_equal(c->others, 0);
	assert_int_equal(c->nr_stages, 9);
	assert_string_equal(c->stages[4].name, "wakeup");
	assert_int_equal(c->stages[4].spread.min, 51);
	assert_int_equal(c->stages[4].spread.p50, 54);
	assert_int_equal(c->stages[4].spread.p99, 54);
	assert_int_equal(c->stages[4].spread.max, 54);
	assert_int_equal(c->stages[4].spread.sum, 10 * 51 + 30 * 54);
	assert_int_equal(c->whole.sum, 10 * 459 + 30 * 486);
	trace_free(&all);
	all = pool_of(round_of(30, 1, 0), round_of(10, 4, 0));
	assert_int_equal(all.list->classes[0].stages[4].spread.p50, 51);
	assert_int_equal(all.list->classes[0].stages[4].spread.p90, 54);
	trace_free(&all);
}

/* Boundaries that the fewer have are others, in both orders. */
TEST(pool_counts_samples_with_other_boundaries)
{
	for (unsigned int i = 0; i < 2; i++) {
		struct result_trace few = round_of(3, 0, 1u << 4);
		struct result_trace many = round_of(5, 0, 0);
		struct result_trace all =
			i ? pool_of(few, many) : pool_of(many, few);
		const struct explain_class *c = all.list->classes;
		uint64_t sum = 0;

		assert_int_equal(all.list->nr_classes, 1);
		assert_int_equal(c->nr, 5);
		assert_int_equal(c->others, 3);
		assert_int_equal(c->nr_stages, 9);
		for (unsigned int k = 0; k < c->nr_stages; k++)
			sum += c->stages[k].spread.sum;
		assert_int_equal(sum, c->whole.sum);
		assert_int_equal(c->whole.sum, 5 * 450);
		trace_free(&all);
	}
}

TEST(pool_has_the_worst_of_all_rounds)
{
	struct result_trace all =
		pool_of(round_of(20, 10, 0), round_of(2, 100, 0));
	const struct explain *x = all.list;

	assert_int_equal(x->nr_worst, EXPLAIN_WORST);
	for (unsigned int i = 0; i < EXPLAIN_WORST; i++) {
		assert_int_equal(x->worst[i].value, i < 2 ? 1350 : 540);
		assert_int_equal(x->worst[i].round, i < 2 ? 2 : 1);
	}
	assert_int_equal(x->nr_tally, 1);
	assert_int_equal(x->tally[0].nr, EXPLAIN_WORST);
	trace_free(&all);
	/* Less than there is room for: all of them. */
	all = pool_of(round_of(3, 0, 0), round_of(4, 1, 0));
	assert_int_equal(all.list->nr_worst, 7);
	assert_int_equal(all.list->worst[3].round, 2);
	assert_int_equal(all.list->worst[4].round, 1);
	assert_int_equal(all.list->tally[0].nr, 7);
	trace_free(&all);
}

static struct result_trace untraced(const char *why)
{
	struct result_trace t = {.asked = true};

	strcpy(t.missing, why);
	return t;
}

TEST(pool_goes_on_without_a_round_that_was_not_traced)
{
	for (unsigned int i = 0; i < 2; i++) {
		struct result_trace none = untraced("no tracefs");
		struct result_trace one = round_of(5, 0, 0);
		struct result_trace all =
			i ? pool_of(none, one) : pool_of(one, none);

		assert_true(all.asked);
		assert_string_equal(all.missing, "");
		assert_int_equal(all.nr, 1);
		assert_int_equal(all.list->nr_rounds, 1);
		assert_int_equal(all.list->nr_traced, 5);
		trace_free(&all);
	}
}

TEST(pool_of_rounds_that_were_not_traced_says_why)
{
	struct result_trace all =
		pool_of(untraced("no tracefs"), untraced("?"));

	assert_true(all.asked);
	assert_string_equal(all.missing, "no tracefs");
	assert_int_equal(all.nr, 0);
	trace_free(&all);
	all = pool_of((struct result_trace){.nr = 0},
		      (struct result_trace){.nr = 0});
	assert_false(all.asked);
}

TEST(pool_lacks_what_a_round_lacked)
{
	struct result_trace a = round_of(1, 0, 0), b = round_of(1, 0, 0), all;

	a.lacks = 1u << TRACE_KVM_EXIT;
	b.lacks = 1u << TRACE_KVM_ENTRY;
	all = pool_of(a, b);
	assert_int_equal(all.lacks,
			 1u << TRACE_KVM_EXIT | 1u << TRACE_KVM_ENTRY);
	trace_free(&all);
}

/* Its percentiles have the samples beside events in them. */
TEST(pool_says_that_a_round_had_no_plain_samples)
{
	struct result_trace a = round_of(1, 0, 0), b = round_of(1, 0, 0), all;

	b.list->nr_plain = 0;
	all = pool_of(a, b);
	assert_true(all.list->priced);
	assert_int_equal(all.list->nr_plain, 100);
	trace_free(&all);
}

TEST(pool_does_not_mix_kinds_of_samples)
{
	struct result_trace a = round_of(2, 0, 0), b = round_of(3, 0, 0);
	struct result_trace all = {.asked = false};

	b.list->kind = SPAN_TIMER;
	add(&all, &a, 1);
	assert_false(trace_pool_metric(&all, 0, &b, 0, 2));
	/* What it has not there is nothing to add of. */
	assert_true(trace_pool_metric(&all, 0, &b, 1, 2));
	trace_pool_end(&all);
	assert_int_equal(all.nr, 1);
	assert_int_equal(all.list->nr_traced, 2);
	trace_free(&a);
	trace_free(&b);
	trace_free(&all);
}

TEST(pool_has_its_metrics_in_order)
{
	struct result_trace t = round_of(2, 0, 0), all = {.asked = false};

	assert_true(trace_pool_metric(&all, 9, &t, 0, 1));
	assert_true(trace_pool_metric(&all, 4, &t, 0, 1));
	trace_pool_end(&all);
	assert_int_equal(all.nr, 2);
	assert_int_equal(all.list[0].metric, 4);
	assert_int_equal(all.list[1].metric, 9);
	trace_free(&t);
	trace_free(&all);
}

/* Of any ways and boundaries, the ends of samples apart in time. */
static struct result_trace any_round(struct rng *rng, uint64_t begin)
{
	struct explained_run *u = explained_new(SPAN_TIMER);
	uint64_t nr = rng_below(rng, 60);

	u->next = begin;
	for (uint64_t i = 0; i < nr; i++) {
		uint64_t took[STAGES_MAX];

		for (unsigned int s = 0; s < STAGES_MAX; s++)
			took[s] = 1 + rng_below(rng, 5000);
		if (rng_below(rng, 4) == 0)
			explained_plain(u, (int64_t)took[0]);
		else
			explained_sample(u, took,
					 (uint32_t)(rng_next(rng) &
						    rng_next(rng) & 0xff));
	}
	u->x->nr_plain = rng_below(rng, 3);
	return trace_of(u);
}

static void assert_same_spread(const struct explain_spread *a,
			       const struct explain_spread *b)
{
	assert_int_equal(a->min, b->min);
	assert_int_equal(a->p50, b->p50);
	assert_int_equal(a->p90, b->p90);
	assert_int_equal(a->p99, b->p99);
	assert_int_equal(a->max, b->max);
	assert_int_equal(a->sum, b->sum);
}

static void assert_adds_up(const struct explain_class *c)
{
	uint64_t sum = 0;

	for (unsigned int k = 0; k < c->nr_stages; k++)
		sum += c->stages[k].spread.sum;
	assert_int_equal(sum, c->whole.sum);
	assert_true(c->whole.min <= c->whole.p50);
	assert_true(c->whole.p50 <= c->whole.p90);
	assert_true(c->whole.p90 <= c->whole.p99);
	assert_true(c->whole.p99 <= c->whole.max);
}

static void assert_same(const struct explain *a, const struct explain *b)
{
	assert_int_equal(a->nr_traced, b->nr_traced);
	assert_int_equal(a->nr_plain, b->nr_plain);
	assert_int_equal(a->priced, b->priced);
	assert_int_equal(a->traced_p50, b->traced_p50);
	assert_int_equal(a->nr_classes, b->nr_classes);
	for (unsigned int i = 0; i < a->nr_classes; i++) {
		const struct explain_class *c = &a->classes[i];
		const struct explain_class *d = &b->classes[i];

		assert_adds_up(c);
		assert_int_equal(c->path, d->path);
		assert_int_equal(c->nr, d->nr);
		assert_int_equal(c->others, d->others);
		assert_int_equal(c->nr_stages, d->nr_stages);
		assert_same_spread(&c->whole, &d->whole);
		for (unsigned int k = 0; k < c->nr_stages; k++)
			assert_same_spread(&c->stages[k].spread,
					   &d->stages[k].spread);
	}
	assert_int_equal(a->nr_worst, b->nr_worst);
	for (unsigned int i = 0; i < a->nr_worst; i++)
		assert_int_equal(a->worst[i].tsc, b->worst[i].tsc);
	assert_int_equal(a->nr_tally, b->nr_tally);
	for (unsigned int i = 0; i < a->nr_tally; i++)
		assert_int_equal(a->tally[i].nr, b->tally[i].nr);
}

TEST(pool_is_the_same_in_any_order_of_rounds)
{
	struct rng rng = {.state = 31};

	for (unsigned int n = 0; n < 60; n++) {
		struct result_trace part[ROUNDS], all = {.asked = false};
		struct result_trace back = {.asked = false};

		for (unsigned int i = 0; i < ROUNDS; i++)
			part[i] = any_round(&rng, (i + 1) * 10000000);
		for (unsigned int i = 0; i < ROUNDS; i++) {
			add(&all, &part[i], i + 1);
			add(&back, &part[ROUNDS - 1 - i], ROUNDS - i);
		}
		trace_pool_end(&all);
		trace_pool_end(&back);
		assert_same(all.list, back.list);
		trace_free(&all);
		trace_free(&back);
		for (unsigned int i = 0; i < ROUNDS; i++)
			trace_free(&part[i]);
	}
}
