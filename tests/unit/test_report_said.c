/* SPDX-License-Identifier: BSD-2-Clause */
/* test_report_said.c - what a report says of its figures beside the figures. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include "vmm/report/report.h"

static void summary(const struct result *r, FILE *out)
{
	report_summary(r, "entry", out);
}

/* 4,000 samples of which so many in a row are alike. */
static void alike(struct result_metric *to, unsigned int len)
{
	struct rng rng = {.state = 5};
	uint64_t value = 0;

	for (unsigned int i = 0; i < 4000; i++) {
		if (i % len == 0)
			value = 2000 + rng_below(&rng, 4000);
		hist_record(to->hist, value, i + 1);
		series_record(to->series, (int64_t)value);
	}
}

TEST(report_says_what_samples_that_are_alike_are_worth)
{
	struct made *m = made_new();

	alike(made_metric(m, "wait", 0), 1);
	assert_lacks(made_text(m), "worth only");
	/* A fifth or so: less than half, and far from a twentieth. */
	alike(made_metric(m, "again", 0), 5);
	made_text(m);
	assert_has(m->text, "  worth only as many independent samples: p50 ");
	assert_in_range(m->r->metrics[1].analysis.quantile[0].worth, 400, 1900);
	made_free(m);
}

TEST(report_summary_says_what_was_warned_of_and_missed)
{
	struct made *m = made_new();
	struct result_metric *to = made_metric(m, "wait", 0);

	made_samples(to, 10);
	assert_has(made_written(m, summary), "  PASS\n");
	m->r->nr_warnings = 1;
	assert_has(made_written(m, summary), "  PASS, 1 warning\n");
	m->r->nr_warnings = 3;
	to->missed = 12;
	assert_has(made_written(m, summary), "  PASS, 3 warnings  12 missed\n");
	m->r->nr_warnings = 0;
	hist_record(to->hist, 1ull << 40, 11);
	assert_has(made_written(m, summary),
		   "  PASS  12 missed  1 out of range\n");
	made_free(m);
	/* Nor is a warning lost where there are no figures. */
	m = made_new();
	m->r->nr_warnings = 2;
	assert_has(made_written(m, summary), "  PASS, 2 warnings\n");
	made_free(m);
}

/* In whole words, and no line that a terminal breaks. */
TEST(report_summary_says_why_there_are_no_figures)
{
	struct made *m = made_new();

	m->r->verdict = VERDICT_SKIP;
	strcpy(m->r->reason, "not in effect");
	assert_string_equal(made_written(m, summary),
			    "entry                             SKIP: "
			    "not in effect\n");
	strcpy(m->r->reason, "not in effect: KVM counted 2000 halt exits for "
			     "2000 halts");
	m->r->nr_warnings = 1;
	assert_string_equal(made_written(m, summary),
			    "entry                             SKIP: "
			    "not in effect: KVM..., 1 warning\n");
	m->r->nr_warnings = 0;
	assert_true(strlen(made_written(m, summary)) <= 80);
	m->r->verdict = VERDICT_ERROR;
	strcpy(m->r->reason, "exactly as wide as there is room, well");
	assert_string_equal(made_written(m, summary),
			    "entry                             ERROR: "
			    "exactly as wide as there is room, well\n");
	assert_int_equal(strlen(m->text), 80);
	made_free(m);
}

static struct result_metric *path(struct made *m, const char *name,
				  unsigned int whole, unsigned int nr)
{
	struct result_metric *to = made_metric(m, name, 1);

	to->whole = &m->r->metrics[whole];
	to->flags = METRIC_PART;
	made_samples(to, nr);
	return to;
}

TEST(report_has_samples_by_path)
{
	struct made *m = made_new();

	made_samples(made_metric(m, "wake", 1), 300);
	made_samples(made_metric(m, "other", 1), 10);
	path(m, "wake_slept", 0, 300);
	assert_has(made_text(m), "  path: slept, each time\n");
	assert_lacks(m->text, "by path");
	path(m, "wake_polled", 0, 90);
	path(m, "wake_spun", 0, 0);
	path(m, "other_slept", 1, 5);
	made_text(m);
	assert_lacks(m->text, "each time");
	assert_has(m->text,
		   "  by path             samples      min ns         p50"
		   "         p99         max\n"
		   "    slept               300       1,000       2,490"
		   "       3,960       3,990\n"
		   "    polled               90       1,000       1,440"
		   "           -       1,890\n");
	/* Of one path, but not all of them are. */
	assert_has(m->text, "    slept                 5       1,000");
	/* A path without samples has no row. */
	assert_lacks(m->text, "spun");
	made_free(m);
}

static void in_rounds(struct result_metric *m, unsigned int nr)
{
	free(m->rounds);
	m->rounds = calloc(nr, sizeof(*m->rounds));
	assert_non_null(m->rounds);
	m->nr_rounds = nr;
}

/* As the percentiles' intervals do. */
TEST(report_of_gains_says_of_what_their_intervals_are)
{
	struct made *m = made_new();
	struct result_metric *base = made_metric(m, "base", 0);
	struct result_metric *less = made_metric(m, "less", 0);

	made_samples(base, 101);
	made_samples(less, 101);
	less->base = base;
	assert_has(made_written(m, report_gains),
		   "\n  of this run: with 95 % the gain is in its interval\n");
	less = made_metric(m, "lesser", 0);
	made_samples(less, 101);
	less->base = base;
	assert_has(made_written(m, report_gains),
		   "\n  of this run: with 95 % all 2 gains are in their "
		   "intervals\n");
	in_rounds(base, 5);
	assert_has(made_written(m, report_gains),
		   "\n  of this host, 5 rounds: with 95 % all 2 gains are in "
		   "their intervals\n");
	in_rounds(base, 4);
	assert_has(made_written(m, report_gains),
		   "\n  of these 4 rounds only: with 95 % all 2 gains are in "
		   "their intervals\n");
	made_free(m);
}

/* Of the one that measured, which is not always vCPU 0. */
TEST(report_says_whose_exits_they_are)
{
	struct made *m = made_new();
	struct result_metric *to = made_metric(m, "wait", 3);

	to->window = made_window(m);
	made_samples(to, 100);
	assert_has(made_text(m),
		   "  exits of vCPU 3: 20.00 each by KVM's count\n");
	to->flags = METRIC_PER_OP;
	assert_has(made_text(m), "  20.00\nexits: of each sample, of the vCPU "
				 "that measured, by KVM's count\n");
	to->window = NULL;
	assert_lacks(made_text(m), "exits: of each");
	made_free(m);
}

static char *const *run_paths;
static const char *const *run_names;

static void paths(const struct result *r, FILE *out)
{
	(void)r;
	report_run_paths(run_paths, run_names, 6, out);
}

TEST(report_of_several_runs_has_each_path_once)
{
	static char a[] = "APICv off, halt polling 0 ns", b[] = "APICv on";
	static char *const same[6] = {a, NULL, a, a, a, a};
	static char *const differ[6] = {NULL, a, b, a, a, b};
	static char *const none[6] = {NULL};
	static const char *const names[6] = {"zero",  "one",  "two",
					     "three", "four", "five"};
	struct made *m = made_new();

	run_paths = same;
	assert_string_equal(made_written(m, paths),
			    "path: APICv off, halt polling 0 ns\n");
	run_paths = differ;
	assert_string_equal(made_written(m, paths),
			    "path of rows 2, 4 to 5: APICv off, halt polling "
			    "0 ns\n"
			    "path of rows 3, 6: APICv on\n");
	run_names = names;
	assert_string_equal(made_written(m, paths),
			    "path of one, three, four: APICv off, halt polling "
			    "0 ns\n"
			    "path of two, five: APICv on\n");
	run_paths = none;
	assert_string_equal(made_written(m, paths), "");
	run_names = NULL;
	made_free(m);
}
