/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_deadlines.c - periods without a sample: how late they count, what is
 * said of them, and that thresholds see them.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/finished.h"
#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include "vmm/result/deadlines.h"
#include "vmm/result/judge.h"

#define US 2000 /* cycles of made.h */

static uint64_t in_bucket_of(const struct hist *h, uint64_t value)
{
	return h->bucket[hist_index(value)];
}

/* As HdrHistogram's correction has it: down to a period, and none below. */
TEST(deadlines_missed_in_a_row_are_a_period_apart)
{
	struct hist *h = made_hist();

	hist_record_missed(h, 3500 * US, 1000 * US, 4);
	assert_int_equal(h->count, 4);
	assert_int_equal(h->out_of_range, 0);
	assert_int_equal(in_bucket_of(h, 3500 * US), 1);
	assert_int_equal(in_bucket_of(h, 2500 * US), 1);
	assert_int_equal(in_bucket_of(h, 1500 * US), 1);
	assert_int_equal(in_bucket_of(h, 1000 * US), 1);
	assert_int_equal(h->min, 1000 * US);
	assert_int_equal(h->max, 3500 * US);
	assert_int_equal(h->sum, 8500ull * US);
	free(h);
}

TEST(deadlines_missed_by_nothing_yet_count_as_a_period)
{
	struct hist *h = made_hist();

	hist_record_missed(h, 0, 1000, 1);
	assert_int_equal(h->count, 1);
	assert_int_equal(h->min, 1000);
	assert_int_equal(h->max, 1000);
	free(h);
}

/* All are there, none is later than the first, none is made less late. */
TEST(deadlines_missed_are_all_there_however_many)
{
	static const uint64_t numbers[] = {1,  2,  31,	 32,	33,
					   34, 63, 1000, 12505, 1000000};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		uint64_t nr = numbers[i], late = nr * 100 - 50;
		struct hist *h = made_hist();
		double exact = 0;

		hist_record_missed(h, late, 100, nr);
		assert_int_equal(h->count, nr);
		assert_int_equal(h->max, late > 100 ? late : 100);
		assert_true(h->min >= 100);
		for (uint64_t k = 0; k < nr; k++) {
			uint64_t was = late - k * 100;

			exact += (double)(was > 100 ? was : 100);
		}
		assert_true((double)h->sum >= exact);
		assert_true((double)h->sum <= exact * 1.04);
		free(h);
	}
}

TEST(deadlines_missed_by_more_than_a_histogram_has_are_counted)
{
	struct hist *h = made_hist();
	uint64_t period = 1ull << HIST_MAX_BITS;

	hist_record_missed(h, 2 * period, period, 3);
	assert_int_equal(h->count, 0);
	assert_int_equal(h->out_of_range, 3);
	assert_int_equal(h->max, 2 * period);
	free(h);
}

/* 1000 samples up to 10.99 us, and some that were missed by 1 ms or more. */
static struct made *missed(uint64_t nr)
{
	struct made *m = made_new();
	struct result_metric *l = made_metric(m, "lateness", 0);

	made_samples(l, 1000);
	l->flags = METRIC_DEADLINES;
	l->unmet = made_hist();
	l->missed = nr;
	hist_record_missed(l->unmet, 1000 * US * nr, 1000 * US, nr);
	result_analyse(m->r);
	return m;
}

TEST(deadlines_missed_are_told_from_one_in_a_thousand_on)
{
	struct made *m = missed(1);

	result_check_deadlines(m->r);
	assert_int_equal(m->r->nr_warnings, 0);
	made_free(m);
	m = missed(2);
	result_check_deadlines(m->r);
	assert_int_equal(m->r->nr_warnings, 1);
	assert_string_equal(m->r->warnings[0],
			    "lateness: 2 of 1002 deadlines were missed "
			    "(0.20 %)");
	assert_int_equal(m->r->verdict, VERDICT_PASS);
	made_free(m);
}

TEST(deadlines_of_which_half_are_missed_are_no_pass)
{
	struct made *m = missed(1000);

	result_check_deadlines(m->r);
	assert_int_equal(m->r->verdict, VERDICT_PASS);
	made_free(m);
	m = missed(1001);
	result_check_deadlines(m->r);
	assert_int_equal(m->r->verdict, VERDICT_FAIL);
	assert_string_equal(m->r->reason,
			    "lateness: 1001 of 2001 deadlines were missed: "
			    "this host does not keep such a period");
	made_free(m);
}

/* One sentence for all vCPUs, of all of theirs. */
TEST(deadlines_of_all_vcpus_are_told_of_once)
{
	struct made *m = missed(2);
	struct result_metric *l = made_metric(m, "lateness", 1);

	made_samples(l, 998);
	l->flags = METRIC_DEADLINES;
	l->unmet = made_hist();
	l->missed = 1;
	hist_record_missed(l->unmet, 0, 1000 * US, 1);
	result_check_deadlines(m->r);
	assert_int_equal(m->r->nr_warnings, 1);
	assert_string_equal(m->r->warnings[0],
			    "lateness: 3 of 2001 deadlines were missed "
			    "(0.15 %)");
	made_free(m);
}

TEST(deadlines_are_reported_beside_the_samples)
{
	struct made *m = missed(20);
	const char *text = made_text(m);

	assert_has(text, "  missed: 20 of 1,020 deadlines (1.96 %), late by a "
			 "period at least\n"
			 "  of deadlines, in ns: p50 6,09");
	/* Of 1020, rank 1010 is the tenth that was missed. */
	assert_has(text, ", p99 9,99");
	assert_has(text, " max 20,000,000\n");
	made_free(m);
	m = missed(0);
	text = made_text(m);
	assert_has(text, "  missed: 0 of 1,000 deadlines\n");
	assert_lacks(text, "of deadlines, in");
	made_free(m);
}

/* The samples keep it, the deadlines do not. */
TEST(deadlines_are_what_a_threshold_judges)
{
	static const struct {
		const char *text;
		const char *broken; /* NULL: it is kept */
	} cases[] = {
		{"lateness:p90>20us", NULL},
		{"lateness:p99>20us", "p99 of deadlines is 9"},
		{"lateness:max>20ms", NULL},
		{"lateness:max>19.9ms", "max of deadlines is 20000000 ns"},
		{"lateness:mean>100us", "mean of deadlines is 2"},
		{"lateness:min<1us", NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct made *m = missed(20);
		char error[256];

		assert_int_equal(threshold_parse(m->r->thresholds,
						 cases[i].text, error,
						 sizeof(error)),
				 0);
		m->r->nr_thresholds = 1;
		result_judge(m->r);
		result_judge_verdict(m->r);
		if (cases[i].broken)
			assert_has(m->r->reason, cases[i].broken);
		else
			assert_string_equal(m->r->reason, "");
		made_free(m);
	}
}

/* What the guest says of them must add up. */
TEST(deadlines_of_a_guest_that_contradicts_itself_are_an_error)
{
	for (uint64_t missed = 0; missed <= 3; missed++) {
		struct finished *x = finished_new();
		struct metric *m = &x->area->metrics[0];
		struct hist *h;

		m->flags |= METRIC_DEADLINES;
		m->missed_gpa = x->f->vm.heap + (1 << 20);
		m->missed = missed;
		h = vm_hva(&x->f->vm, m->missed_gpa, sizeof(*h));
		assert_non_null(h);
		hist_init(h);
		hist_record_missed(h, 500, 100, 2);
		assert_verdict(x, STOP_ENDED,
			       missed == 2 ? VERDICT_PASS : VERDICT_ERROR,
			       missed == 2 ? "" : "deadlines were missed, and");
	}
}

TEST(deadlines_whose_histogram_is_nowhere_are_an_error)
{
	static const gpa_t places[] = {0, 8, UINT64_MAX - 7, LAYOUT_BASE + 1};

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		struct finished *x = finished_new();

		x->area->metrics[0].flags |= METRIC_DEADLINES;
		x->area->metrics[0].missed_gpa = places[i];
		assert_verdict(x, STOP_ENDED, VERDICT_ERROR,
			       "metric made: its histogram is not in RAM");
	}
}

/* 2000 ms, and for that many parts in a thousand of it nothing was sent. */
static struct made *blind(uint64_t parts, uint32_t flags)
{
	struct made *m = made_new();
	struct result_metric *w = made_metric(m, "wake", 0);

	made_samples(w, 1000);
	w->flags = flags;
	w->window = made_window(m);
	w->blind = w->window->counts.tsc / 1000 * parts;
	result_analyse(m->r);
	result_check_deadlines(m->r);
	return m;
}

/* 4.7 % is what was seen, and was no warning once. */
TEST(blind_senders_are_told_of)
{
	struct made *m = blind(10, METRIC_IPI);

	assert_int_equal(m->r->nr_warnings, 0);
	assert_has(made_text(m), "  blind: for 20.0 of 2000.0 ms an event was "
				 "due and not sent\n");
	made_free(m);
	m = blind(47, METRIC_IPI);
	assert_int_equal(m->r->nr_warnings, 1);
	assert_string_equal(m->r->warnings[0],
			    "wake: for 4.7 % of its time an event was due and "
			    "its sender could not send it");
	made_free(m);
}

TEST(blind_pulses_are_told_of_from_5_percent_on)
{
	struct made *m = blind(50, METRIC_PULSE);

	assert_int_equal(m->r->nr_warnings, 0);
	made_free(m);
	m = blind(60, METRIC_PULSE);
	assert_int_equal(m->r->nr_warnings, 1);
	made_free(m);
}
