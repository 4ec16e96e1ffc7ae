/* SPDX-License-Identifier: BSD-2-Clause */
/* test_report_said.c - what a report says of its figures beside the figures. */
#include <stdio.h>
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
