/* SPDX-License-Identifier: BSD-2-Clause */
/* test_rounds.c - several runs as one result. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include "vmm/result/merge.h"
#include "vmm/result/rounds.h"
#include "vmm/result/sweep_rows.h"

#define NR 2000

/* Samples from 1,000 cycles on, times a factor; one window on vCPU 0. */
static struct made *made_round(unsigned int times)
{
	struct made *m = made_new();
	struct result_metric *wait = made_metric(m, "wait", 0);
	struct result_window *w = &m->r->windows[0];

	for (unsigned int i = 0; i < NR; i++) {
		uint64_t value = (1000 + i * 389ull % NR) * times;

		hist_record(wait->hist, value, i + 1);
		series_record(wait->series, (int64_t)value);
	}
	wait->asked = NR;
	wait->missed = times;
	wait->blind = 10ull * times;
	w->ended = true;
	w->counts.user_exits = 1;
	w->counts.guest.halts = 100;
	w->counts.tsc = 5000;
	wait->window = w;
	m->r->checks[m->r->nr_checks++] = (struct result_check){
		.what = "halts", .guest = 100, .host = 100, .required = true};
	result_merge(m->r);
	result_analyse(m->r);
	return m;
}

static struct made *rounds_of(const unsigned int *times, unsigned int nr)
{
	struct made *all = made_round(times[0]);

	rounds_begin(all->r);
	for (unsigned int i = 1; i < nr; i++) {
		struct made *m = made_round(times[i]);

		rounds_add(all->r, m->r);
		made_free(m);
	}
	rounds_end(all->r, false, false);
	return all;
}

TEST(rounds_add_samples_and_counts_up)
{
	static const unsigned int times[] = {1, 2, 3};
	struct made *all = rounds_of(times, 3);
	const struct result_metric *m = &all->r->metrics[0];

	assert_int_equal(all->r->nr_rounds, 3);
	assert_int_equal(m->nr_rounds, 3);
	assert_int_equal(m->analysis.count, 3 * NR);
	assert_int_equal(m->asked, 3 * NR);
	assert_int_equal(m->missed, 6);
	assert_int_equal(m->blind, 60);
	assert_int_equal(m->analysis.min, 1000);
	assert_int_equal(m->analysis.max, 3 * (1000 + NR - 1));
	assert_int_equal(m->window->counts.guest.halts, 300);
	assert_int_equal(m->window->counts.tsc, 15000);
	assert_int_equal(all->r->nr_checks, 1);
	assert_int_equal(all->r->checks[0].guest, 300);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(m->rounds[i].min, 1000 * (i + 1));
	/* The order of samples, and a tail, are of one run. */
	assert_null(m->series);
	assert_false(m->has_tail);
	made_free(all);
}

/*
 * 2.776 standard errors of the rounds' medians, 2.25 times as neighbours are
 * alike, and whatever holds them.
 */
TEST(rounds_bound_the_host_by_how_they_differ)
{
	static const unsigned int times[] = {10, 11, 12, 13, 14};
	struct made *all = rounds_of(times, 5);
	const struct analysis_quantile *q =
		&all->r->metrics[0].analysis.quantile[0];

	assert_int_equal(all->r->metrics[0].analysis.rounds, 5);
	assert_true(q->has_low && q->has_high);
	/* Medians of 20,000 to 28,000: 24,000 -+ 8,835. */
	assert_in_range(q->low, 15100, 15200);
	assert_in_range(q->high, 32800, 32900);
	made_free(all);
}

TEST(rounds_that_do_not_differ_are_bounded_by_their_samples)
{
	static const unsigned int times[] = {10, 10, 10, 10, 10};
	struct made *all = rounds_of(times, 5);
	struct made *one = made_round(10);
	const struct analysis_quantile
		*q = &all->r->metrics[0].analysis.quantile[0],
		*alone = &one->r->metrics[0].analysis.quantile[0];

	assert_true(q->has_low && q->has_high);
	assert_true(q->low < q->value && q->value < q->high);
	/* Five times as many samples tell more. */
	assert_true(q->high - q->low < alone->high - alone->low);
	assert_true(q->worth == 5 * alone->worth);
	made_free(all);
	made_free(one);
}

TEST(rounds_fewer_than_5_have_no_bounds)
{
	static const unsigned int times[] = {10, 10, 10, 10};
	struct made *all = rounds_of(times, 4);
	const struct analysis *a = &all->r->metrics[0].analysis;

	for (unsigned int i = 0; i < NR_REPORT_QUANTILES; i++)
		assert_false(a->quantile[i].has_low || a->quantile[i].has_high);
	assert_has(made_text(all), "fewer than 5 rounds tell nothing");
	made_free(all);
}

TEST(rounds_say_which_of_them_had_something_to_say)
{
	struct made *all = made_round(1), *m = made_round(1);

	result_warn(all->r, "disturbed");
	rounds_begin(all->r);
	result_warn(m->r, "disturbed too");
	result_verdict(m->r, VERDICT_ERROR, "halts differ");
	rounds_add(all->r, m->r);
	rounds_end(all->r, false, false);
	assert_int_equal(all->r->nr_warnings, 2);
	assert_string_equal(all->r->warnings[0], "round 1: disturbed");
	assert_string_equal(all->r->warnings[1], "round 2: disturbed too");
	assert_int_equal(all->r->verdict, VERDICT_ERROR);
	assert_string_equal(all->r->reason, "round 2: halts differ");
	made_free(all);
	made_free(m);
}

TEST(rounds_that_say_the_same_say_it_once)
{
	struct made *all = made_round(1);

	result_warn(all->r, "disturbed: once");
	rounds_begin(all->r);
	for (int i = 2; i <= 4; i++) {
		struct made *m = made_round(1);

		result_warn(m->r,
			    i == 3 ? "disturbed: twice" : "disturbed: once");
		rounds_add(all->r, m->r);
		made_free(m);
	}
	assert_int_equal(all->r->nr_warnings, 2);
	assert_string_equal(all->r->warnings[0],
			    "rounds 1, 2, 4: disturbed: once");
	assert_string_equal(all->r->warnings[1], "round 3: disturbed: twice");
	made_free(all);
}

TEST(rounds_add_up_what_happened_on_the_cpus)
{
	struct made *all = made_round(1), *m = made_round(1);

	all->r->vcpus[0].proof =
		(struct result_proof){.known = true, .tsc = 5, .smis = 1};
	m->r->vcpus[0].proof =
		(struct result_proof){.known = true, .tsc = 7, .smis = 2};
	rounds_begin(all->r);
	rounds_add(all->r, m->r);
	assert_int_equal(all->r->vcpus[0].proof.smis, 3);
	assert_int_equal(all->r->vcpus[0].proof.tsc, 12);
	made_free(m);
	made_free(all);
}

TEST(rounds_are_strict_together)
{
	struct made *all = made_round(1);

	result_warn(all->r, "disturbed");
	rounds_begin(all->r);
	rounds_end(all->r, false, true);
	assert_int_equal(all->r->verdict, VERDICT_FAIL);
	assert_has(all->r->reason, "--strict: round 1: disturbed");
	made_free(all);
}

/* A window that one round lacks is not complete; what is new is left out. */
TEST(rounds_leave_out_what_not_all_of_them_have)
{
	struct made *all = made_round(1), *m = made_round(1);

	rounds_begin(all->r);
	m->r->windows[0].ended = false;
	made_samples(made_metric(m, "other", 0), 10);
	rounds_add(all->r, m->r);
	assert_null(all->r->metrics[0].window);
	assert_int_equal(all->r->nr_metrics, 1);
	assert_has(all->r->warnings[0], "round 2: it measured other");
	made_free(all);
	made_free(m);
}

/* Each round fits into the file, all of them have to as well. */
TEST(rounds_that_are_too_many_leave_the_result_whole)
{
	struct made *all = made_round(1), *more = made_round(1);
	struct made *rounds[] = {all, more};

	for (unsigned int i = 0; i < 2; i++) {
		struct result_metric *m = &rounds[i]->r->metrics[0];

		m->phases = calloc(1, sizeof(*m->phases));
		assert_non_null(m->phases);
		phases_init(m->phases, 8000000);
		m->phases->bin[3][7] = 3000000000u;
		m->phases->max[3] = 2000;
		rounds[i]->r->console_lost = INT64_MAX - 1;
	}
	rounds_begin(all->r);
	rounds_add(all->r, more->r);
	assert_null(all->r->metrics[0].phases);
	assert_int_equal(all->r->nr_warnings, 1);
	assert_non_null(strstr(all->r->warnings[0],
			       "metric wait: the phases of its rounds do not "
			       "add up"));
	assert_int_equal(all->r->console_lost, INT64_MAX);
	rounds_add(all->r, more->r);
	assert_int_equal(all->r->nr_warnings, 1);
	assert_int_equal(all->r->console_lost, INT64_MAX);
	made_free(more);
	made_free(all);
}

TEST(rounds_table_is_79_columns_wide_and_names_its_interval)
{
	static const unsigned int times[] = {10, 11, 12, 13, 14};
	struct made *all = rounds_of(times, 5);
	const char *text = made_text(all), *at, *end;

	assert_has(text, "wait (vCPU 0) 10,000 samples in 5 rounds\n");
	assert_has(text, "   of this host, 5 rounds\n");
	assert_has(text, "  p50");
	at = strstr(text, "\nwait");
	for (at++; *at && strncmp(at, "checks", 6) != 0; at = end + 1) {
		end = strchr(at, '\n');
		if (end - at > 79)
			fail_msg("%d columns: '%.*s'", (int)(end - at),
				 (int)(end - at), at);
	}
	made_free(all);
}

TEST(sweep_row_keeps_each_rounds_median_and_warnings)
{
	struct sweep_row row = {.rounds = 0};
	struct sweep_spread spread;
	struct analysis a;

	for (unsigned int i = 0; i < 5; i++) {
		struct made *m = made_round(10 + i);

		if (i == 2)
			result_warn(m->r, "disturbed");
		sweep_row_add(&row, m->r, "wait", 1);
		made_free(m);
	}
	spread = sweep_spread(&row, 0);
	assert_in_range(spread.least, 19900, 20100);
	assert_in_range(spread.most, 27800, 28100);
	sweep_analyse(&row, &a);
	assert_int_equal(a.rounds, 5);
	assert_in_range(a.quantile[0].low, 15100, 15200);
	assert_in_range(a.quantile[0].high, 32800, 32900);
	assert_int_equal(row.nr_warnings, 1);
	assert_string_equal(row.warnings[0], "disturbed");
	sweep_rows_free(&row, 1);
}
