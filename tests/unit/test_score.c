/* SPDX-License-Identifier: BSD-2-Clause */
/* test_score.c - what of a run stands beside what was published. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/report/score.h"
#include "vmm/result/merge.h"

/* One metric in runs of several names; a cycle is half a nanosecond. */
struct made {
	struct result *r;
	struct score score;
	struct ticks ticks;
	char *text;
};

static struct hist *hist_new(void)
{
	struct hist *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	hist_init(h);
	return h;
}

static struct made *made_new(const char *metric)
{
	struct made *m = calloc(1, sizeof(*m));

	assert_non_null(m);
	m->r = result_new();
	result_make_vcpus(m->r, 1);
	m->r->machine.tsc_khz = 2000000;
	m->r->nr_metrics = 1;
	m->r->metrics[0] = (struct result_metric){
		.status = METRIC_DONE,
		.hist = hist_new(),
	};
	snprintf(m->r->metrics[0].name, sizeof(m->r->metrics[0].name), "%s",
		 metric);
	return m;
}

/* nr samples, the k-th of first + k * step cycles, in a run of that name. */
static void take(struct made *m, const char *run, unsigned int nr,
		 uint64_t first, uint64_t step)
{
	struct hist *h = m->r->metrics[0].hist;

	memset(h, 0, sizeof(*h));
	hist_init(h);
	for (unsigned int i = 0; i < nr; i++)
		hist_record(h, first + i * step, i + 1);
	score_take(&m->score, run, m->r);
}

static const char *text(struct made *m)
{
	size_t len = 0;
	FILE *out;

	free(m->text);
	out = open_memstream(&m->text, &len);
	assert_non_null(out);
	score_print(&m->score, &m->ticks, out);
	fclose(out);
	return m->text;
}

static void made_free(struct made *m)
{
	result_free(m->r);
	free(m->text);
	free(m);
}

static void assert_line(struct made *m, const char *what, const char *value)
{
	const char *line = strstr(text(m), what);
	char end[40];

	if (!line)
		fail_msg("no line '%s' in '%s'", what, m->text);
	snprintf(end, sizeof(end), " %s   ", value);
	if (memcmp(line + 53 - strlen(value) - 1, end, strlen(end)) != 0)
		fail_msg("wanted %s in '%.60s'", value, line);
}

TEST(score_has_the_statistic_that_was_published)
{
	struct made *m = made_new("lateness");

	take(m, "timer-deadline-hlt", 1001, 0, 20);
	assert_line(m, "timer, least lateness", "0.00 us");
	assert_line(m, "timer, mean lateness", "5.00 us");
	assert_line(m, "timer, 99.9 % of the samples", "9.99 us");
	assert_line(m, "timer, greatest lateness", "10.0 us");
	/* What other runs would have told. */
	assert_line(m, "request and answer, 2 vCPUs", "-");
	made_free(m);
}

TEST(score_without_enough_samples_leaves_a_percentile_out)
{
	struct made *m = made_new("lateness");

	take(m, "timer-deadline-hlt", 999, 0, 20);
	assert_line(m, "timer, 99.9 % of the samples", "-");
	assert_line(m, "timer, greatest lateness", "9.98 us");
	made_free(m);
}

TEST(score_of_a_difference_takes_both_runs)
{
	struct made *m = made_new("ipi_wake");

	take(m, "ipi-wake-halt-poll", 11, 8000, 0);
	assert_line(m, "what the guest's own polling saves", "-");
	take(m, "ipi-wake-guest-poll", 11, 2000, 0);
	assert_line(m, "what the guest's own polling saves", "3.00 us");
	made_free(m);
}

TEST(score_is_of_one_operation)
{
	struct made *m = made_new("alone_8m");

	m->r->metrics[0].flags = METRIC_OPS(100);
	take(m, "cache", 11, 12000, 0);
	assert_line(m, "a load from 8 MiB in random order", "0.06 us");
	made_free(m);
}

TEST(score_of_several_vcpus_is_of_all_of_them)
{
	struct made *m = made_new("lateness");
	struct hist *worse = hist_new();

	hist_record(worse, 2000000, 1);
	m->r->metrics[1] = m->r->metrics[0];
	m->r->metrics[1].vcpu = 1;
	m->r->metrics[1].hist = worse;
	m->r->nr_metrics = 2;
	hist_record(m->r->metrics[0].hist, 2000, 1);
	result_merge(m->r);
	score_take(&m->score, "timer-deadline-hlt", m->r);
	assert_line(m, "timer, greatest lateness", "1000.0 us");
	made_free(m);
}

/* Published figures are times. */
TEST(score_stays_away_where_figures_are_instructions)
{
	struct made *m = made_new("lateness");

	take(m, "timer-deadline-hlt", 1001, 0, 20);
	m->ticks = (struct ticks){.insns = true, .step = 1};
	assert_has(text(m), "this host's clock counts instructions");
	assert_ptr_equal(strchr(m->text, '\n') + 1, strchr(m->text, '\0'));
	made_free(m);
}
