/* SPDX-License-Identifier: BSD-2-Clause */
/* judge.c - see judge.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/base/text.h"
#include "vmm/result/judge.h"
#include "vmm/statistics/hist_check.h"

static bool names(const struct threshold *t, const struct result_metric *m)
{
	/* Without a name, what this host cannot do is left out. */
	return t->metric[0] ? strcmp(t->metric, m->name) == 0
			    : m->status != METRIC_SKIP && result_is_shown(m);
}

static void cannot(struct judgement *j, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void cannot(struct judgement *j, const char *fmt, ...)
{
	va_list ap;

	j->outcome = JUDGE_NOT;
	va_start(ap, fmt);
	vsnprintf(j->why, sizeof(j->why), fmt, ap);
	va_end(ap);
}

static void judge_count(struct judgement *j)
{
	const struct result_metric *m = j->metric;

	switch (j->threshold->stat) {
	case THRESHOLD_MISSED:
		j->count = m->missed;
		break;
	case THRESHOLD_EARLY:
		j->count = m->early ? hist_samples(m->early) : 0;
		break;
	case THRESHOLD_SAMPLES:
		j->count = m->analysis.count;
		break;
	default:
		j->count = m->analysis.out_of_range;
		break;
	}
	if (threshold_breaks_count(j->threshold, j->count))
		j->outcome = JUDGE_BROKEN;
}

/* min and max are of all samples; the others only of those in range. */
static bool time_is_known(struct judgement *j)
{
	const struct threshold *t = j->threshold;
	struct dist d = metric_deadlines(j->metric);
	uint64_t lost;

	if (!j->metric->hist || dist_samples(&d) == 0) {
		cannot(j, "there are no samples");
		return false;
	}
	if (t->stat == THRESHOLD_MIN || t->stat == THRESHOLD_MAX_SEEN)
		return true;
	lost = dist_out_of_range(&d);
	if (lost) {
		cannot(j, "%ju sample%s out of the histogram's range",
		       (uintmax_t)lost, lost == 1 ? " is" : "s are");
		return false;
	}
	if (t->stat == THRESHOLD_QUANTILE && !dist_supports(&d, t->q)) {
		cannot(j, "%s takes %u samples, there are %ju", t->stat_name,
		       threshold_samples(t), (uintmax_t)dist_count(&d));
		return false;
	}
	return true;
}

/* at: every quantile that the thresholds ask of this metric. */
static void judge_time(const struct result *r, struct judgement *j,
		       const struct dist_at *at)
{
	const struct threshold *t = j->threshold;
	struct dist d = metric_deadlines(j->metric);
	double value;

	if (!time_is_known(j))
		return;
	if (t->stat == THRESHOLD_MIN)
		j->measured = (double)dist_min(&d);
	else if (t->stat == THRESHOLD_MAX_SEEN)
		j->measured = (double)dist_max(&d);
	else if (t->stat == THRESHOLD_MEAN)
		j->measured = dist_mean(&d);
	else
		j->measured =
			(double)dist_found(at, dist_rank(dist_count(&d), t->q))
				->value;
	value = t->unit == THRESHOLD_NS
			? tsc_to_ns(j->measured, r->machine.tsc_khz)
			: j->measured;
	if (threshold_breaks_time(t, value))
		j->outcome = JUDGE_BROKEN;
}

/* One pass over the buckets for all thresholds. */
static void find_quantiles(const struct result *r,
			   const struct result_metric *m, struct dist_at *at)
{
	struct dist d = metric_deadlines(m);
	unsigned int nr = 0;

	if (!m->hist || dist_count(&d) == 0)
		return;
	for (unsigned int i = 0; i < r->nr_thresholds; i++)
		if (r->thresholds[i].stat == THRESHOLD_QUANTILE)
			at[nr++].rank =
				dist_rank(dist_count(&d), r->thresholds[i].q);
	if (nr)
		dist_find(&d, at, nr);
}

static void judge_metric(struct result *r, const struct result_metric *m)
{
	struct dist_at at[THRESHOLD_MAX];

	find_quantiles(r, m, at);
	for (unsigned int i = 0; i < r->nr_thresholds; i++) {
		struct judgement *j = &r->judged[r->nr_judged];
		const struct threshold *t = &r->thresholds[i];

		if (!names(t, m))
			continue;
		*j = (struct judgement){.threshold = t, .metric = m};
		if (m->status == METRIC_SKIP) {
			cannot(j, "it was skipped: %s", m->reason);
		} else {
			r->judged_set |= 1u << i;
			if (threshold_is_count(t))
				judge_count(j);
			else
				judge_time(r, j, at);
		}
		r->nr_judged++;
	}
}

/* A threshold that nothing was measured for has not been kept. */
static void judge_missing(struct result *r)
{
	char list[JUDGE_WHY_LEN - 40];

	result_list_metrics(r, "", list, sizeof(list));
	for (unsigned int i = 0; i < r->nr_thresholds; i++) {
		const struct threshold *t = &r->thresholds[i];
		struct judgement *j = &r->judged[r->nr_judged];
		bool named = false;

		for (unsigned int k = 0; k < r->nr_judged; k++)
			named |= r->judged[k].threshold == t;
		/* In a suite it may be meant for another payload. */
		if (named || r->in_suite)
			continue;
		*j = (struct judgement){.threshold = t};
		if (list[0] == '\0')
			cannot(j, "nothing was measured");
		else if (t->metric[0])
			cannot(j, "no such metric; the payload measured %s",
			       list);
		else
			cannot(j, "every metric was skipped");
		r->nr_judged++;
	}
}

void result_judge(struct result *r)
{
	if (r->nr_thresholds == 0 || r->verdict == VERDICT_SKIP)
		return;
	r->judged = calloc((size_t)r->nr_thresholds * (r->nr_metrics + 1),
			   sizeof(*r->judged));
	if (!r->judged)
		die_errno("no memory for the thresholds");
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		judge_metric(r, &r->metrics[i]);
	judge_missing(r);
}

void result_judge_verdict(struct result *r)
{
	const struct judgement *first = NULL;
	char text[RESULT_TEXT_LEN];
	unsigned int nr = 0;

	for (unsigned int i = 0; i < r->nr_judged; i++) {
		if (r->judged[i].outcome == JUDGE_KEPT)
			continue;
		if (!first)
			first = &r->judged[i];
		nr++;
	}
	if (!first)
		return;
	judge_text(r, first, text, sizeof(text));
	if (nr == 1)
		result_verdict(r, VERDICT_FAIL, "--fail-if '%s': %s",
			       first->threshold->text, text);
	else
		result_verdict(r, VERDICT_FAIL, "--fail-if '%s': %s; %u more",
			       first->threshold->text, text, nr - 1);
}

void judge_text(const struct result *r, const struct judgement *j, char *text,
		size_t len)
{
	static const char *const units[] = {
		[THRESHOLD_NS] = "ns",
		[THRESHOLD_CYCLES] = "cycles",
		[THRESHOLD_INSNS] = "instructions",
	};
	const struct threshold *t = j->threshold;
	double ns = tsc_to_ns(j->measured, r->machine.tsc_khz);
	char who[64] = "";

	if (j->metric)
		snprintf(who, sizeof(who), "%s (vCPU %u): ", j->metric->name,
			 j->metric->vcpu);
	else if (t->metric[0])
		snprintf(who, sizeof(who), "%s: ", t->metric);
	if (j->outcome == JUDGE_NOT)
		snprintf(text, len, "%s%s", who, j->why);
	else if (threshold_is_count(t))
		snprintf(text, len, "%s%s is %ju", who, t->stat_name,
			 (uintmax_t)j->count);
	else
		snprintf(text, len, "%s%s%s is %.0f %s", who, t->stat_name,
			 j->metric && j->metric->deadlines ? " of deadlines"
							   : "",
			 t->unit == THRESHOLD_NS ? ns : j->measured,
			 units[t->unit]);
}
