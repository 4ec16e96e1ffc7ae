/* SPDX-License-Identifier: BSD-2-Clause */
/* test_judge.c - thresholds and what was measured. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/result/judge.h"

/* "wait" of two vCPUs, 1000 samples of 1 to 1000 us and of 10 to 10000. */
struct made {
	struct result *r;
	struct hist *hists[2]; /* the result's */
};

static struct hist *hist_new(void)
{
	struct hist *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	hist_init(h);
	return h;
}

static struct made *made_new(void)
{
	struct made *m = calloc(1, sizeof(*m));

	assert_non_null(m);
	m->r = result_new();
	m->r->machine.tsc_khz = 2000000;
	m->r->verdict = VERDICT_PASS;
	for (uint32_t i = 0; i < 2; i++) {
		m->hists[i] = hist_new();
		for (uint64_t k = 1; k <= 1000; k++)
			hist_record(m->hists[i], k * (i ? 20000 : 2000), k);
		m->r->metrics[i] = (struct result_metric){
			.name = "wait",
			.status = METRIC_DONE,
			.vcpu = i,
			.missed = i * 7,
			.hist = m->hists[i],
		};
	}
	m->r->nr_metrics = 2;
	return m;
}

static void made_free(struct made *m)
{
	m->r->nr_metrics = 2; /* whatever a test has made of it */
	result_free(m->r);
	free(m);
}

/* Applies one more threshold to a verdict that is a PASS again. */
static void judge(struct made *m, const char *text)
{
	struct result *r = m->r;
	char error[256];

	if (threshold_parse(&r->thresholds[r->nr_thresholds++], text, error,
			    sizeof(error)))
		fail_msg("%s", error);
	free(r->judged);
	r->judged = NULL;
	r->nr_judged = 0;
	r->judged_set = 0;
	if (r->verdict == VERDICT_FAIL)
		r->verdict = VERDICT_PASS;
	result_analyse(r);
	result_judge(r);
	result_judge_verdict(r);
}

static void assert_judged(const char *text, const char *reason)
{
	struct made *m = made_new();

	judge(m, text);
	if (reason) {
		assert_int_equal(m->r->verdict, VERDICT_FAIL);
		assert_has(m->r->reason, reason);
		assert_has(m->r->reason, text);
	} else {
		assert_int_equal(m->r->verdict, VERDICT_PASS);
		assert_string_equal(m->r->reason, "");
	}
	made_free(m);
}

TEST(judge_says_metric_vcpu_and_value)
{
	assert_judged("max>5ms", "': wait (vCPU 1): max is 10000000 ns");
	assert_judged("max>10ms", NULL);
	assert_judged("max>=10ms", "10000000 ns");
	assert_judged("min<=1us", "wait (vCPU 0): min is 1000 ns");
	assert_judged("min<1us", NULL);
	assert_judged("mean>5004.9us", "(vCPU 1): mean is 5005000 ns");
	assert_judged("mean>5005.1us", NULL);
	assert_judged("max>19999999cycles", "max is 20000000 cycles");
	assert_judged("max>20000000cycles", NULL);
	assert_judged("missed>6", "wait (vCPU 1): missed is 7");
	assert_judged("missed>7", NULL);
	assert_judged("early>0", NULL);
	assert_judged("samples<1001", "samples is 1000; 1 more");
	assert_judged("out_of_range>0", NULL);
}

TEST(judge_finds_several_percentiles_of_a_metric)
{
	struct made *m = made_new();
	struct judgement *j;

	judge(m, "p99.9>1s");
	judge(m, "p50>1s");
	judge(m, "p75.5>1s");
	judge(m, "wait:p99.9>1s");
	assert_int_equal(m->r->nr_judged, 8);
	j = m->r->judged;
	for (unsigned int i = 0; i < 2; i++, j += 4) {
		double unit = i ? 20000 : 2000;

		assert_ptr_equal(j[0].metric, &m->r->metrics[i]);
		assert_in_range(j[0].measured, 998 * unit, 1000 * unit);
		assert_in_range(j[1].measured, 499 * unit, 501 * unit);
		assert_in_range(j[2].measured, 754 * unit, 756 * unit);
		assert_true(j[3].measured == j[0].measured);
	}
	assert_int_equal(m->r->judged_set, 0xf);
	assert_int_equal(m->r->verdict, VERDICT_PASS);
	judge(m, "p50>100us");
	assert_int_equal(m->r->verdict, VERDICT_FAIL);
	assert_has(m->r->reason, "; 1 more");
	made_free(m);
}

TEST(judge_fails_what_it_cannot_tell)
{
	assert_judged("p99.9>1s", NULL);
	assert_judged("p99.91>1s", "p99.91 takes 1112 samples, there are 1000");
	assert_judged("p99.99>1s", "p99.99 takes 10000 samples");
	assert_judged("nap:max>1s",
		      "nap: no such metric; the payload measured wait");
}

TEST(judge_knows_samples_out_of_range)
{
	struct made *m = made_new();

	/* They are beyond every percentile, so none can be told. */
	hist_record(m->hists[0], 1ull << 40, 1);
	judge(m, "p50>1s");
	assert_has(m->r->reason, "1 sample is out of the histogram's range");
	m->r->nr_thresholds = 0;
	judge(m, "max>100s");
	assert_has(m->r->reason, "wait (vCPU 0): max is 549755813888 ns");
	m->r->nr_thresholds = 0;
	judge(m, "out_of_range>0");
	assert_has(m->r->reason, "out_of_range is 1");
	made_free(m);
}

TEST(judge_counts_early_samples)
{
	struct made *m = made_new();
	struct hist *early = hist_new();

	hist_record(early, 4000, 1);
	m->r->metrics[0].early = early;
	judge(m, "early>0");
	assert_has(m->r->reason, "wait (vCPU 0): early is 1");
	m->r->nr_thresholds = 0;
	judge(m, "min<-1us");
	assert_has(m->r->reason, "min is -2000 ns");
	m->r->nr_thresholds = 0;
	hist_record(early, 1ull << 40, 2);
	judge(m, "early>1");
	assert_has(m->r->reason, "wait (vCPU 0): early is 2");
	made_free(m);
}

TEST(judge_leaves_out_what_was_skipped_unless_it_is_named)
{
	struct made *m = made_new();

	m->r->metrics[1].status = METRIC_SKIP;
	strcpy(m->r->metrics[1].name, "nap");
	strcpy(m->r->metrics[1].reason, "no bed");
	judge(m, "max>5ms");
	assert_int_equal(m->r->verdict, VERDICT_PASS);
	assert_int_equal(m->r->nr_judged, 1);
	judge(m, "nap:max>5ms");
	assert_int_equal(m->r->verdict, VERDICT_FAIL);
	assert_has(m->r->reason, "nap (vCPU 1): it was skipped: no bed");
	assert_int_equal(m->r->judged_set, 1);
	m->r->nr_thresholds = 0;
	m->r->metrics[0].status = METRIC_SKIP;
	judge(m, "max>5ms");
	assert_has(m->r->reason, "every metric was skipped");
	made_free(m);
}

TEST(judge_leaves_out_what_only_counts_unless_it_is_named)
{
	struct made *m = made_new();

	m->r->metrics[1].flags = METRIC_COUNTED;
	strcpy(m->r->metrics[1].name, "counts");
	judge(m, "max>5ms");
	assert_int_equal(m->r->verdict, VERDICT_PASS);
	judge(m, "counts:max>5ms");
	assert_int_equal(m->r->verdict, VERDICT_FAIL);
	made_free(m);
}

TEST(judge_of_nothing_is_a_failure)
{
	struct made *m = made_new();

	m->r->nr_metrics = 0;
	judge(m, "max>1s");
	assert_int_equal(m->r->verdict, VERDICT_FAIL);
	assert_has(m->r->reason, "nothing was measured");
	made_free(m);
	m = made_new();
	memset(m->hists[1], 0, sizeof(struct hist));
	hist_init(m->hists[1]);
	judge(m, "max>1s");
	assert_has(m->r->reason, "wait (vCPU 1): there are no samples");
	made_free(m);
}

/* bench: what this payload does not measure, another one may. */
TEST(judge_in_a_suite_leaves_missing_metrics_to_the_others)
{
	struct made *m = made_new();

	m->r->in_suite = true;
	judge(m, "nap:max>1s");
	judge(m, "wait:max>1s");
	assert_int_equal(m->r->verdict, VERDICT_PASS);
	assert_int_equal(m->r->nr_judged, 2);
	assert_int_equal(m->r->judged_set, 2);
	made_free(m);
}

TEST(judge_keeps_worse_verdicts_and_leaves_a_skip_alone)
{
	struct made *m = made_new();

	m->r->verdict = VERDICT_ERROR;
	judge(m, "max>1us");
	assert_int_equal(m->r->verdict, VERDICT_ERROR);
	assert_int_equal(m->r->judged[0].outcome, JUDGE_BROKEN);
	m->r->verdict = VERDICT_SKIP;
	judge(m, "max>1us");
	assert_int_equal(m->r->verdict, VERDICT_SKIP);
	assert_int_equal(m->r->nr_judged, 0);
	made_free(m);
}
