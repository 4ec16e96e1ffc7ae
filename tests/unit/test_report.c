/* SPDX-License-Identifier: BSD-2-Clause */
/* test_report.c - what a result's tables say, from made-up samples. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include "vmm/report/report.h"

TEST(report_says_between_which_values_a_percentile_is)
{
	struct made *m = made_new();
	const char *text;

	made_samples(made_metric(m, "wait", 2), 1000);
	text = made_text(m);
	assert_has(text, "wait (vCPU 2) 1,000 samples\n");
	assert_has(text, "ns           cycles   of this run, in ns\n");
	/*
	 * Ranks 469 and 532 of 1000, and a block of 15 more; buckets are 8
	 * cycles wide there.
	 */
	assert_has(text, "  p50                 5,990           11,979"
			 "   95 %:        5,680 ..        6,464\n");
	/* 10 samples above are fewer than 50 events. */
	assert_has(text, "  p99                10,892           21,783\n");
	assert_lacks(text, "p99.99");
	/* One block of 64 is more than a hundredth of all. */
	made_samples(made_metric(m, "long", 2), 10001);
	assert_has(made_text(m), " or more\n");
	made_free(m);
}

TEST(report_of_few_samples_gives_no_bounds)
{
	struct made *m = made_new();
	const char *text;

	made_samples(made_metric(m, "wait", 0), 5);
	text = made_text(m);
	assert_has(text, "  p50 ");
	assert_lacks(text, "95 %");
	assert_lacks(text, "p90");
	made_free(m);
}

TEST(report_adds_the_samples_of_all_vcpus_up)
{
	struct made *m = made_new();
	const char *text;

	made_samples(made_metric(m, "wait", 0), 10);
	made_samples(made_metric(m, "wait", 1), 20);
	made_samples(made_metric(m, "other", 1), 30);
	text = made_text(m);
	assert_has(text, "wait (vCPU 0) 10 samples\n");
	assert_has(text, "wait (vCPU 1) 20 samples\n");
	assert_has(text, "other (vCPU 1) 30 samples\n");
	assert_has(text, "wait (2 vCPUs) 30 samples\n");
	assert_lacks(text, "other (2");
	made_samples(made_metric(m, "wait", 2), 1);
	made_samples(made_metric(m, "wait", 3), 1);
	/* Too many for tables of their own: they get a line each. */
	text = made_text(m);
	assert_has(text, "\nwait (vCPU 1)   ");
	assert_has(text, "\nother           ");
	assert_has(text, "\nwait (all vCPUs) 32 samples\n");
	made_free(m);
}

TEST(report_of_operations_has_a_line_for_all_vcpus)
{
	struct made *m = made_new();
	const char *text;

	for (uint32_t i = 0; i < 2; i++) {
		struct result_metric *to = made_metric(m, "op", i);

		to->flags = METRIC_PER_OP;
		made_samples(to, 10);
	}
	text = made_text(m);
	assert_has(text, "\nop (vCPU 0)                    10 ");
	assert_has(text, "\nop (2 vCPUs)                   20 ");
	assert_lacks(text, "95 %");
	made_free(m);
}

/* Its p50 less that of base, in the column before the exits. */
static void must_be_above(struct made *m, const struct result_metric *op,
			  const struct result_metric *base)
{
	double above = result_value(m->r, op->analysis.quantile[0].value) -
		       result_value(m->r, base->analysis.quantile[0].value);
	char cell[48], figure[40];

	assert_true(above > 0);
	snprintf(cell, sizeof(cell), " %11s      -\n",
		 report_grouped(figure, sizeof(figure), above));
	assert_has(m->text, cell);
}

TEST(report_of_operations_says_what_is_above_rdtsc)
{
	struct made *m = made_new();
	struct result_metric *op[2], *clock[2];

	for (uint32_t i = 0; i < 2; i++) {
		op[i] = made_metric(m, "op", i);
		clock[i] = made_metric(m, "rdtsc", i);
		op[i]->flags = clock[i]->flags = METRIC_PER_OP;
		made_samples(op[i], 100 + 100 * i);
		made_samples(clock[i], 10 + 20 * i);
	}
	made_text(m);
	assert_has(m->text, " above rdtsc  exits\n");
	must_be_above(m, op[0], clock[0]);
	must_be_above(m, op[1], clock[1]);
	must_be_above(m, &m->r->merged[0], &m->r->merged[1]);
	/* What another vCPU has is better than nothing, */
	clock[1]->status = METRIC_SKIP;
	strcpy(clock[1]->name, "other");
	made_text(m);
	must_be_above(m, op[1], clock[0]);
	/* and without any there is no such column. */
	strcpy(clock[0]->name, "cpuid");
	assert_lacks(made_text(m), "above");
	made_free(m);
}

/* 2 s, in which KVM polled for 500 ms. */
TEST(report_says_what_polling_took)
{
	static const struct {
		const char *name;
		uint64_t value;
	} stats[] = {{"halt_exits", 1000},
		     {"halt_attempted_poll", 900},
		     {"halt_successful_poll", 800},
		     {"halt_poll_success_ns", 400000000},
		     {"halt_poll_fail_ns", 100000000}};
	struct made *m = made_new();
	struct result_metric *to = made_metric(m, "wait", 0);
	struct result_window *w = &m->r->windows[0];

	made_samples(to, 10);
	to->window = made_window(m);
	assert_lacks(made_text(m), "polled");
	for (unsigned int i = 0; i < 5; i++) {
		strcpy(m->r->stats[i + 1], stats[i].name);
		w->counts.kvm.value[i + 1] = stats[i].value;
	}
	m->r->nr_stats = 4;
	assert_has(made_text(m), "  halts: 1,000; KVM polled at 900, 800 of "
				 "these were woken while it polled\n");
	m->r->nr_stats = 6;
	assert_has(made_text(m),
		   "polled,\n    polling took 25.0 % of the time\n");
	m->r->ticks.insns = true;
	assert_lacks(made_text(m), "of the time");
	made_free(m);
}

static void summary(const struct result *r, FILE *out)
{
	report_summary(r, "entry", out);
}

TEST(report_summary_has_one_line_for_all_vcpus)
{
	struct made *m = made_new();
	const char *text;

	made_samples(made_metric(m, "wait", 0), 10);
	made_samples(made_metric(m, "wait", 1), 20);
	made_samples(made_metric(m, "other", 1), 40);
	text = made_written(m, summary);
	assert_has(text, "entry other                    40 ");
	assert_has(text, "entry wait                     30 ");
	assert_lacks(text, " 10 ");
	assert_lacks(text, " 20 ");
	made_free(m);
}

TEST(report_says_that_a_tail_is_an_estimate_or_why_there_is_none)
{
	struct made *m = made_new();
	const char *text;

	made_samples(made_metric(m, "few", 0), 100);
	made_samples(made_metric(m, "wait", 0), 1000);
	text = made_text(m);
	assert_has(text, "  no tail estimate: too few samples");
	assert_has(text, "  tail estimate (not measured): an event in 10,000 "
			 "samples is above ");
	assert_has(text, "; the 100 largest samples ");
	/* An operation's rare cases are the host's. */
	m->r->metrics[0].flags = m->r->metrics[1].flags = METRIC_PER_OP;
	assert_lacks(made_text(m), "tail");
	assert_false(m->r->metrics[1].has_tail);
	made_free(m);
}

TEST(report_counts_exits_without_the_one_that_ends_the_window)
{
	struct made *m = made_new();
	struct result_metric *to = made_metric(m, "wait", 0);
	const struct result_window *w = made_window(m);
	const char *text;

	to->window = w;
	made_samples(to, 100);
	text = made_text(m);
	assert_has(text, "  exits of vCPU 0: 20.00 each by KVM's count\n");
	assert_has(text, "  per second: 1,000 exits, 0.0 % of the CPU\n");
	made_free(m);
}

TEST(report_counts_exits_without_those_beside_the_samples)
{
	struct made *m = made_new();
	struct result_metric *to = made_metric(m, "wait", 0);

	to->window = made_window(m);
	m->r->windows[0].counts.asides = 100;
	made_samples(to, 100);
	assert_has(made_text(m),
		   "  exits of vCPU 0: 19.00 each by KVM's count\n");
	assert_has(made_text(m), "  per second: 950 exits, 0.0 % of the CPU\n");
	made_free(m);
}

TEST(report_of_gaps_adds_them_up)
{
	struct made *m = made_new();
	struct result_metric *to = made_metric(m, "gap", 0);
	const struct result_window *w = made_window(m);
	const char *text;

	to->window = w;
	to->flags = METRIC_GAPS;
	made_samples(to, 101); /* 1 to 2 us */
	text = made_text(m);
	assert_has(text, "  stolen: 152 us of 2.000 s (76 ppm)\n");
	assert_lacks(text, " each by KVM");
	made_free(m);
}

TEST(report_counts_exits_of_early_samples_too)
{
	struct made *m = made_new();
	struct result_metric *to = made_metric(m, "lateness", 0);
	const struct result_window *w = made_window(m);
	struct hist *early = made_hist();

	to->window = w;
	to->flags = METRIC_SIGNED;
	to->early = early;
	made_samples(to, 100);
	for (unsigned int i = 0; i < 900; i++)
		hist_record(early, 1 + i, i + 1);
	assert_has(made_text(m),
		   "  exits of vCPU 0: 2.00 each by KVM's count\n");
	made_free(m);
}

TEST(report_of_samples_out_of_range_alone_says_so)
{
	struct made *m = made_new();
	struct result_metric *to = made_metric(m, "wait", 0);

	hist_record(to->hist, 1ull << 37, 1);
	assert_has(made_text(m), "  out of range: 1\n");
	made_free(m);
}

/* In the table of many, too, none of them vanishes. */
TEST(report_of_many_metrics_says_what_is_in_no_row)
{
	struct made *m = made_new();
	char name[8];

	for (unsigned int i = 0; i < 5; i++) {
		struct result_metric *to;

		snprintf(name, sizeof(name), "op_%u", i);
		to = made_metric(m, name, 0);
		made_samples(to, i == 1 ? 1 : 10);
		if (i != 3)
			continue;
		hist_record(to->hist, 1ull << 37, 1);
		to->missed = 777;
	}
	assert_has(made_text(m), "  777 missed  1 out of range\n");
	/* One sample has no median, in ns or in cycles. */
	assert_has(m->text,
		   "op_1                            1      1,000          -"
		   "          -          -          -       1,000          -");
	made_free(m);
}

/* Of operations there are counts only: their own tables have them. */
TEST(report_has_no_heading_of_a_wide_table_without_rows)
{
	struct made *m = made_new();
	struct result_metric *to = made_metric(m, "start_count", 0);

	to->flags = METRIC_PER_OP | METRIC_COUNTED;
	made_samples(to, 10);
	assert_lacks(made_text(m), "p99.9");
	made_samples(made_metric(m, "start", 0), 10);
	assert_has(made_text(m), "p99.9");
	assert_has(m->text, "\nstart   ");
	made_free(m);
}

/* A base that was skipped: in an idle mode that was not in effect. */
TEST(report_has_no_heading_of_gains_against_what_was_skipped)
{
	struct made *m = made_new();
	struct result_metric *base = made_metric(m, "base", 0);
	struct result_metric *less = made_metric(m, "less", 0);

	less->base = base;
	assert_has(made_text(m), "gain against base");
	assert_has(m->text, "\n  less ");
	base->status = METRIC_SKIP;
	assert_lacks(made_text(m), "gain against");
	assert_lacks(m->text, "\n  less ");
	made_free(m);
}

/* With more vCPUs than get a table each. */
TEST(report_has_no_heading_of_a_window_that_is_not_there)
{
	struct made *m = made_new();

	for (uint32_t v = 0; v < MADE_VCPUS; v++) {
		struct result_metric *to = made_metric(m, "gap", v);

		to->flags = METRIC_GAPS;
		made_samples(to, 10);
	}
	made_samples(made_metric(m, "loop", 0), 10);
	assert_lacks(made_text(m), "gap (vCPU 0)\n");
	m->r->metrics[0].window = made_window(m);
	assert_has(made_text(m), "gap (vCPU 0)\n  ");
	made_free(m);
}

/* But for tables: as wide as a terminal. */
TEST(report_has_no_line_of_words_wider_than_79)
{
	struct made *m = made_new();
	struct result_metric *w = made_metric(m, "rdtsc", 0);
	const char *line;

	made_samples(w, 1000);
	w->window = made_window(m);
	strcpy(m->r->payload, "a-payload-with-a-name");
	strcpy(m->r->machine.irqchip, "kernel");
	strcpy(m->r->machine.priority_why, "below rcuc/3");
	m->r->machine.realtime = true;
	m->r->clock_read_tsc = 11234567;
	result_warn(m->r, "disturbed while measuring: a vCPU's thread lost its "
			  "CPU 1 time, took 0 major faults, moved 0 times");
	result_analyse(m->r);
	for (line = made_text(m); *line; line = strchr(line, '\n') + 1)
		if (strcspn(line, "\n") > 79 && strncmp(line, "  p", 3) != 0)
			fail_msg("%.*s", (int)strcspn(line, "\n"), line);
	assert_has(m->text, "\nwarning: disturbed while measuring: ");
	assert_has(m->text, "\n         major faults, moved 0 times\n");
	made_free(m);
}
