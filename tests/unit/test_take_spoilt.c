/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_take_spoilt.c - whatever a guest leaves in what it shares, its result is
 * taken without a crash (the sanitizers look), never PASS with figures that
 * cannot be, and written so that it can be read again.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/finished.h"
#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include "vmm/result/check.h"
#include "vmm/result/deadlines.h"
#include "vmm/result/judge.h"
#include "vmm/result/merge.h"
#include "vmm/result/read.h"
#include "vmm/result/rounds.h"
#include "vmm/result/write.h"

#define NR_RUNS	   250
#define NR_ROUNDS  40
#define NR_SAMPLES 300

/* What the guest may write. */
struct shared {
	struct hist hist, early, unmet;
	struct series series;
	struct phases phases;
};

static struct shared *shared_of(struct finished *x)
{
	struct shared *s = vm_hva(&x->f->vm, x->f->vm.heap, sizeof(*s));

	assert_non_null(s);
	return s;
}

static void record(struct shared *s, struct rng *rng, uint64_t nr, bool early)
{
	memset(s, 0, sizeof(*s));
	hist_init(&s->hist);
	hist_init(&s->early);
	hist_init(&s->unmet);
	series_init(&s->series, nr);
	phases_init(&s->phases, 8000000);
	for (uint64_t i = 1; i <= nr; i++) {
		uint64_t value = 1 + (rng_next(rng) >> (44 + i % 9));
		int64_t is = (int64_t)value;

		if (early && i % 3 == 0)
			is = -is;
		hist_record(is < 0 ? &s->early : &s->hist, value, i);
		series_note(&s->series, is);
		phases_record(&s->phases, i * 777777, is);
	}
	hist_record_missed(&s->unmet, 9000, 2000, 3);
}

static void describe(struct finished *x, struct rng *rng, uint64_t nr,
		     bool early)
{
	gpa_t at = x->f->vm.heap;
	struct metric *m = x->area->metrics;

	*m = (struct metric){
		.name = "made",
		.status = (uint32_t)rng_below(rng, NR_METRIC_STATUS),
		.flags = METRIC_DEADLINES | METRIC_PHASES |
			 (early ? METRIC_SIGNED : 0),
		.hist_gpa = at + offsetof(struct shared, hist),
		.early_gpa = at + offsetof(struct shared, early),
		.missed_gpa = at + offsetof(struct shared, unmet),
		.series_gpa = at + offsetof(struct shared, series),
		.phases_gpa = at + offsetof(struct shared, phases),
		.asked = nr,
		.missed = 3,
	};
	if (rng_below(rng, 2)) /* or most are not done */
		m->status = METRIC_DONE;
	m[1] = m[0];
	strcpy(m[1].name, "other");
	m[1].base = 1;
	m[1].gain = 1;
	m[1].flags |= METRIC_NO_WINDOW | METRIC_GAPS;
	x->area->nr_metrics = 2;
}

/* A value that a careless sum falls over. */
static uint64_t nasty(struct rng *rng)
{
	static const uint64_t values[] = {
		0,
		1,
		2,
		5,
		16,
		UINT64_MAX,
		UINT64_MAX - 4,
		INT64_MAX,
		1ull << 63,
		1ull << HIST_MAX_BITS,
		(1ull << HIST_MAX_BITS) - 1,
		1ull << 62,
		UINT32_MAX,
		1ull << 32,
	};
	uint64_t i = rng_below(rng, sizeof(values) / sizeof(*values) + 2);

	return i < sizeof(values) / sizeof(*values) ? values[i] : rng_next(rng);
}

static void spoil_some(void *at, size_t len, struct rng *rng)
{
	uint64_t *n = at;
	size_t nr = len / sizeof(*n), i = rng_below(rng, nr);

	switch (rng_below(rng, 8)) {
	case 0: /* all of it */
		for (i = 0; i < nr; i++)
			n[i] = rng_next(rng);
		break;
	case 1:
		for (; i < nr && rng_below(rng, 20); i++)
			n[i] = nasty(rng);
		break;
	case 2:
		n[i] = nasty(rng);
		break;
	case 3:
		n[i] += rng_below(rng, 2) ? 1 : UINT64_MAX;
		break;
	default: /* where its totals are */
		n[i % (nr < 40 ? nr : 40)] = nasty(rng);
		break;
	}
}

static void spoil(struct finished *x, struct rng *rng)
{
	struct shared *s = shared_of(x);
	const struct {
		void *at;
		size_t len;
	} parts[] = {
		{&s->hist, sizeof(s->hist)},
		{&s->early, sizeof(s->early)},
		{&s->unmet, sizeof(s->unmet)},
		{&s->series, sizeof(s->series)},
		{&s->phases, sizeof(s->phases)},
		{&x->area->metrics[0], 2 * sizeof(x->area->metrics[0])},
		{&x->area->metrics[1].asked, 2 * sizeof(uint64_t)},
		{&x->area->trap, sizeof(x->area->trap)},
		{&x->vcpu.windows[0].end.guest, sizeof(struct vcpu_counts)},
		{&x->vcpu.last.guest, sizeof(struct vcpu_counts)},
	};

	for (uint64_t n = rng_below(rng, 4); n > 0; n--) {
		size_t i = rng_below(rng, sizeof(parts) / sizeof(*parts));

		spoil_some(parts[i].at, parts[i].len, rng);
	}
}

/* As result_evaluate() has it. */
static struct result *taken(struct rng *rng, bool as_round)
{
	static const enum stop_reason ends[] = {
		STOP_ENDED,   STOP_ENDED, STOP_CRASH, STOP_BREAK,
		STOP_TIMEOUT, STOP_STUCK, STOP_STEP,  STOP_INTERRUPTED,
	};
	struct finished *x = finished_new();
	uint64_t nr = rng_below(rng, 4) ? NR_SAMPLES : rng_below(rng, 3);
	bool early = rng_below(rng, 2);
	enum stop_reason why = ends[rng_below(rng, 8)];
	struct result *r;

	record(shared_of(x), rng, nr, early);
	describe(x, rng, nr, early);
	/* The exit that ends each of them, by both counts. */
	x->vcpu.windows[0].end.user_exits = x->vcpu.last.user_exits = 1;
	x->vcpu.windows[0].end.guest.pio = x->vcpu.last.guest.pio = 1;
	spoil(x, rng);
	x->vcpu.state = rng_below(rng, 2) ? VCPU_DONE : VCPU_BROKE;
	finished_take(x, as_round ? STOP_ENDED : why);
	r = x->r;
	x->r = NULL;
	finished_free(x);
	strcpy(r->machine.irqchip, "split");
	result_merge(r);
	result_analyse(r);
	result_check_counts(r);
	result_check_deadlines(r);
	if (r->verdict == VERDICT_NONE)
		result_verdict(r, VERDICT_TIMEOUT, "was stopped");
	return r;
}

/* Of a metric without early samples: nothing that was counted is below 0. */
static void must_be_possible(const json_t *o, const char *where)
{
	void *iter = json_object_iter((json_t *)(uintptr_t)o);
	const json_t *value;
	size_t i;

	if (json_is_number(o) && json_number_value(o) < 0 &&
	    json_integer_value(o) != INT64_MIN)
		fail_msg("%s is %g", where, json_number_value(o));
	json_array_foreach (o, i, value)
		must_be_possible(value, where);
	for (; iter; iter = json_object_iter_next((json_t *)(uintptr_t)o, iter))
		if (strcmp(json_object_iter_key(iter), "gain") != 0)
			must_be_possible(json_object_iter_value(iter),
					 json_object_iter_key(iter));
}

static void must_come_back(const struct result *r, uint64_t run)
{
	char *file = result_text(r), *file_again, *table, *again, error[512];
	FILE *f = fmemopen(file, strlen(file), "r");
	json_t *o = json_loads(file, 0, NULL), *m;
	struct result *copy;
	size_t i, same = 0;

	assert_true(f && o);
	json_array_foreach (json_object_get(o, "metrics"), i, m)
		if (!r->metrics[i].early)
			must_be_possible(m, r->metrics[i].name);
	json_decref(o);
	copy = result_read(f, "spoilt", error, sizeof(error));
	fclose(f);
	if (!copy)
		fail_msg("run %ju, %s: %s", (uintmax_t)run, r->reason, error);
	file_again = result_text(copy);
	while (file[same] && file[same] == file_again[same])
		same++;
	/* A round's mean is written with 15 digits, of which others are made.
	 */
	if (r->nr_rounds == 0 && strcmp(file, file_again) != 0)
		fail_msg("run %ju: '%.400s' became '%.400s'", (uintmax_t)run,
			 file + (same < 200 ? 0 : same - 200),
			 file_again + (same < 200 ? 0 : same - 200));
	table = result_shown(r);
	again = result_shown(copy);
	if (r->nr_rounds == 0)
		assert_string_equal(table, again);
	free(file);
	free(file_again);
	free(table);
	free(again);
	result_free(copy);
}

TEST(take_survives_whatever_a_guest_leaves)
{
	struct rng rng = {.state = 20};
	unsigned int passed = 0;

	for (uint64_t i = 0; i < NR_RUNS; i++) {
		struct result *r = taken(&rng, false);

		passed += r->verdict == VERDICT_PASS;
		must_come_back(r, i);
		result_free(r);
	}
	/* Those in which nothing was spoilt, or nothing that matters. */
	assert_in_range(passed, NR_RUNS / 50, NR_RUNS / 2);
}

TEST(take_of_rounds_survives_whatever_a_guest_leaves)
{
	struct rng rng = {.state = 21};

	for (uint64_t i = 0; i < NR_ROUNDS; i++) {
		struct result *all = taken(&rng, true);

		rounds_begin(all);
		for (int k = 0; k < 3; k++) {
			struct result *r = taken(&rng, true);

			rounds_add(all, r);
			result_free(r);
		}
		rounds_end(all, false, false);
		must_come_back(all, i);
		result_free(all);
	}
}

/* The guest that crashed the host. */
TEST(take_of_an_open_metric_whose_counts_wrap_is_an_error)
{
	struct finished *x = finished_new();

	memset(x->hist, 0, sizeof(*x->hist));
	hist_init(x->hist);
	hist_record(x->hist, 100, 1);
	x->hist->out_of_range = UINT64_MAX;
	x->area->metrics[0].status = METRIC_OPEN;
	finished_take(x, STOP_TIMEOUT);
	assert_int_equal(x->r->verdict, VERDICT_ERROR);
	assert_has(x->r->reason, "counts more samples than there can be");
	assert_null(x->r->metrics[0].hist);
	result_analyse(x->r);
	finished_free(x);
}

TEST(take_refuses_figures_that_cannot_be)
{
	static const size_t figures[] = {
		offsetof(struct metric, missed),
		offsetof(struct metric, blind),
		offsetof(struct metric, asked),
		offsetof(struct metric, blocking),
	};

	for (size_t i = 0; i < sizeof(figures) / sizeof(*figures); i++) {
		for (uint32_t s = 0; s < NR_METRIC_STATUS; s++) {
			struct finished *x = finished_new();
			uint64_t value = (uint64_t)-5;

			x->area->metrics[0].status = s;
			memcpy((char *)&x->area->metrics[0] + figures[i],
			       &value, sizeof(value));
			assert_verdict(x, STOP_ENDED, VERDICT_ERROR,
				       "18446744073709551611");
		}
	}
}

/* Where its list goes on is where rounds write: the host's memory. */
TEST(take_of_a_worst_list_goes_on_where_the_host_says)
{
	struct finished *x = finished_new(), *more = finished_new();

	hist_record(more->hist, 2000, 11);
	more->area->metrics[0].asked = 11;
	x->hist->worst_slot = 1ull << 40;
	finished_take(x, STOP_ENDED);
	finished_take(more, STOP_ENDED);
	assert_int_equal(x->r->verdict, VERDICT_PASS);
	rounds_begin(x->r);
	rounds_add(x->r, more->r);
	assert_int_equal(x->r->metrics[0].hist->max, 2000);
	finished_free(x);
	finished_free(more);
}
