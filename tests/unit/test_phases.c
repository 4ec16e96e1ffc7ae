/* SPDX-License-Identifier: BSD-2-Clause */
/* test_phases.c - samples by the phase of the host's tick. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/finished.h"
#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include "vmm/statistics/phases.h"

#define PERIOD 8000000ull /* cycles */

static struct phases *phases_new(void)
{
	struct phases *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	phases_init(p, PERIOD);
	return p;
}

/* xorshift64 */
static uint64_t next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* nr samples at any phase, from 10,000 to 19,999; those of one are later. */
static struct phases *random_phases(uint64_t seed, unsigned int nr,
				    unsigned int late_phase, int64_t by)
{
	struct phases *p = phases_new();
	uint64_t state = seed * 2654435761u + 1;

	for (unsigned int i = 0; i < nr; i++) {
		uint64_t due = next(&state) % (100 * PERIOD);
		bool late = due % PERIOD * PHASES_NR / PERIOD == late_phase;

		phases_record(p, due,
			      10000 + (int64_t)(next(&state) % 10000) +
				      (late ? by : 0));
	}
	return p;
}

TEST(phases_are_sixteenths_of_the_period)
{
	struct phases *p = phases_new();

	phases_record(p, 0, 100);
	phases_record(p, 3 * PERIOD + PERIOD / 16 - 1, 300);
	phases_record(p, PERIOD / 16, 200);
	phases_record(p, 7 * PERIOD - 1, -5);
	assert_int_equal(phases_count(p, 0), 2);
	assert_int_equal(phases_count(p, 1), 1);
	assert_int_equal(phases_count(p, 15), 1);
	assert_int_equal(p->max[0], 300);
	assert_int_equal(p->max[15], -5);
	assert_int_equal(phases_median(p, 15), 0);
	assert_int_equal(phases_count(p, 2), 0);
	assert_null(phases_wrong(p, 4));
	free(p);
}

TEST(phases_have_a_bin_for_any_value)
{
	struct phases *p = phases_new();

	phases_record(p, 0, INT64_MIN + 1);
	phases_record(p, 0, INT64_MAX);
	assert_int_equal(p->bin[0][0], 1);
	assert_int_equal(p->bin[0][PHASES_BINS - 1], 1);
	assert_null(phases_wrong(p, 2));
	free(p);
}

TEST(phases_medians_are_right_to_an_eighth)
{
	struct phases *p = phases_new();

	for (int64_t i = 1; i <= 999; i++)
		phases_record(p, 5, 1000 * i);
	assert_in_range(phases_median(p, 0), 500000 * 15 / 16,
			500000 * 17 / 16);
	free(p);
}

TEST(phases_that_contradict_themselves_are_seen)
{
	struct phases *p = random_phases(1, 1000, 0, 0);

	assert_null(phases_wrong(p, 1000));
	assert_non_null(phases_wrong(p, 999));
	p->max[3] = INT64_MIN;
	assert_non_null(phases_wrong(p, 1000));
	p->max[3] = 0;
	p->period = 0;
	assert_non_null(phases_wrong(p, 1000));
	free(p);
}

/* Once in a thousand by chance, in the limit; half of that is the ratio's. */
TEST(phases_that_are_alike_do_not_differ)
{
	unsigned int differ = 0, low, high;

	for (uint64_t seed = 1; seed <= 400; seed++) {
		struct phases *p = random_phases(seed, 800, 0, 0);

		differ += phases_differ(p, 0, &low, &high);
		free(p);
	}
	assert_in_range(differ, 0, 4);
}

TEST(phases_of_which_one_is_later_differ)
{
	unsigned int low = 99, high = 99;
	struct phases *p = random_phases(1, 4000, 5, 5000);

	assert_true(phases_differ(p, 0, &low, &high));
	assert_int_equal(high, 5);
	assert_true(low != 5 && low < PHASES_NR);
	/* Samples that tell as much as 40 would do not show it. */
	assert_false(phases_differ(p, 40, &low, &high));
	free(p);
	/* Nor do so few. */
	p = random_phases(1, 100, 5, 5000);
	assert_false(phases_differ(p, 0, &low, &high));
	free(p);
	/* Nor is a difference below an eighth told, however sure it is. */
	p = random_phases(1, 400000, 5, 300);
	assert_false(phases_differ(p, 0, &low, &high));
	free(p);
}

/* A schedule that meets a period in one place knows nothing of others. */
TEST(phases_need_two_to_differ)
{
	struct phases *p = phases_new();
	unsigned int low, high;

	for (int i = 0; i < 1000; i++)
		phases_record(p, 0, i);
	assert_false(phases_differ(p, 0, &low, &high));
	free(p);
	p = phases_new();
	assert_false(phases_differ(p, 0, &low, &high));
	free(p);
}

TEST(phases_of_rounds_are_added)
{
	struct phases *a = random_phases(1, 500, 0, 0);
	struct phases *b = random_phases(2, 700, 3, 5000);

	assert_true(phases_add(a, b));
	assert_null(phases_wrong(a, 1200));
	assert_true(a->max[3] >= b->max[3]);
	b->period++;
	assert_false(phases_add(a, b));
	free(a);
	free(b);
}

/* All of them or none: what is left says what it said. */
TEST(phases_that_do_not_fit_are_not_added)
{
	struct phases *a = random_phases(1, 500, 0, 0);
	struct phases *b = random_phases(2, 700, 3, 5000), was;
	unsigned int bin = 0;

	while (b->bin[15][bin] == 0)
		bin++;
	a->bin[15][bin] = UINT32_MAX - b->bin[15][bin] + 1;
	was = *a;
	assert_false(phases_add(a, b));
	assert_memory_equal(a, &was, sizeof(was));
	a->bin[15][bin]--;
	assert_true(phases_add(a, b));
	assert_int_equal(a->bin[15][bin], UINT32_MAX);
	free(a);
	free(b);
}

TEST(phases_are_reported_where_they_differ)
{
	struct made *m = made_new();
	struct result_metric *l = made_metric(m, "lateness", 0);

	made_samples(l, 4000);
	l->phases = random_phases(1, 4000, 5, 10000);
	result_analyse(m->r);
	l->analysis.quantile[0].worth = 0;
	assert_has(made_text(m),
		   "  by phase of the host's tick, 4,000,000 ns: p50 7,");
	assert_has(made_text(m), " in 5\n");
	free(l->phases);
	l->phases = random_phases(1, 4000, 0, 0);
	assert_lacks(made_text(m), "by phase");
	made_free(m);
}

TEST(phases_of_a_guest_must_be_those_of_its_samples)
{
	for (int nr = 9; nr <= 11; nr++) {
		struct finished *x = finished_new();
		struct metric *m = &x->area->metrics[0];
		struct phases *p;

		m->flags |= METRIC_PHASES;
		m->phases_gpa = x->f->vm.heap + (1 << 20);
		p = vm_hva(&x->f->vm, m->phases_gpa, sizeof(*p));
		assert_non_null(p);
		phases_init(p, PERIOD);
		for (int i = 0; i < nr; i++)
			phases_record(p, 0, 100);
		assert_verdict(x, STOP_ENDED,
			       nr == 10 ? VERDICT_PASS : VERDICT_ERROR,
			       nr == 10 ? "" : "its phases are of other");
	}
}

TEST(phases_that_are_nowhere_are_an_error)
{
	struct finished *x = finished_new();

	x->area->metrics[0].phases_gpa = UINT64_MAX - 7;
	assert_verdict(x, STOP_ENDED, VERDICT_ERROR,
		       "metric made: its phases are not in RAM");
}
