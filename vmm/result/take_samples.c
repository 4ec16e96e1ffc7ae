/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * take_samples.c - see take.h: what a metric's samples are in.  The one place
 * that decides what is taken, whatever the metric's status: the host adds up
 * and shows only what does not contradict itself.
 */
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/result/take.h"
#include "vmm/statistics/hist_check.h"
#include "vmm/statistics/phases.h"
#include "vmm/statistics/series_check.h"

/* A copy of len bytes; NULL: gpa is not the address of anything in RAM. */
static void *take_copy(const struct vm *vm, gpa_t gpa, size_t len)
{
	const void *from = NULL;
	void *copy;

	if (gpa % _Alignof(uint64_t) == 0)
		from = vm_hva(vm, gpa, len);
	if (!from)
		return NULL;
	copy = malloc(len);
	if (!copy)
		die_errno("no memory for a histogram");
	memcpy(copy, from, len);
	return copy;
}

/* NULL: it is right, or there is none. */
static const char *check_hist(const struct result_metric *m, struct hist *h)
{
	const char *wrong;

	if (!h)
		return NULL;
	if (m->status != METRIC_DONE)
		hist_settle(h);
	wrong = hist_wrong(h);
	hist_adopt(h);
	return wrong;
}

static const char *check_all(const struct result_metric *m, uint32_t flags)
{
	const char *wrong;

	if (!m->hist || (flags & METRIC_SIGNED && !m->early) ||
	    (flags & METRIC_DEADLINES && !m->unmet))
		return "is not in RAM";
	wrong = check_hist(m, m->hist);
	if (!wrong)
		wrong = check_hist(m, m->early);
	if (!wrong)
		wrong = check_hist(m, m->unmet);
	return wrong;
}

/*
 * What was copied while its vCPU went on is not to be told from a lie: only
 * samples that were said to be done are one.
 */
static void refuse(struct result *r, struct result_metric *m, const char *wrong)
{
	result_drop_samples(m);
	if (r->stuck && m->status != METRIC_DONE)
		result_warn(r,
			    "metric %s: its vCPU did not stop, and its "
			    "histogram %s: its samples are left out",
			    m->name, wrong);
	else
		result_verdict(r, VERDICT_ERROR, "metric %s: its histogram %s",
			       m->name, wrong);
}

static void take_histograms(struct result *r, const struct vm *vm,
			    struct result_metric *to, const struct metric *m)
{
	const char *wrong;

	to->hist = take_copy(vm, m->hist_gpa, sizeof(*to->hist));
	if (m->flags & METRIC_SIGNED)
		to->early = take_copy(vm, m->early_gpa, sizeof(*to->early));
	if (m->flags & METRIC_DEADLINES)
		to->unmet = take_copy(vm, m->missed_gpa, sizeof(*to->unmet));
	wrong = check_all(to, m->flags);
	if (wrong)
		refuse(r, to, wrong);
	else if (to->status == METRIC_DONE && to->unmet &&
		 hist_samples(to->unmet) != to->missed)
		result_verdict(r, VERDICT_ERROR,
			       "metric %s: %ju deadlines were missed, and it "
			       "has the lateness of %ju",
			       to->name, (uintmax_t)to->missed,
			       (uintmax_t)hist_samples(to->unmet));
}

/*
 * A copy that is right, wrong: NULL; else NULL.  Of a metric that is not done
 * it may be a sample ahead of the histogram, or in the middle of one: then it
 * is not known, and no more is said of it.
 */
static void *keep(struct result *r, const struct result_metric *of, void *copy,
		  const char *what, const char *wrong)
{
	if (!wrong)
		return copy;
	free(copy);
	if (of->status == METRIC_DONE)
		result_verdict(r, VERDICT_ERROR, "metric %s: its %s %s",
			       of->name, what, wrong);
	return NULL;
}

static void take_series(struct result *r, const struct vm *vm,
			struct result_metric *to, gpa_t gpa)
{
	struct series *s = take_copy(vm, gpa, sizeof(*s));
	struct dist d = metric_dist(to);

	if (s)
		series_settle(s);
	to->series = keep(r, to, s, "series",
			  s ? series_unlike(s, &d) : "is not in RAM");
}

static void take_phases(struct result *r, const struct vm *vm,
			struct result_metric *to, gpa_t gpa)
{
	struct phases *p = take_copy(vm, gpa, sizeof(*p));
	struct dist d = metric_dist(to);

	to->phases = keep(r, to, p, "phases",
			  p ? phases_unlike(p, &d) : "are not in RAM");
}

void take_samples(struct result *r, const struct vm *vm,
		  struct result_metric *to, const struct metric *m)
{
	if (m->hist_gpa == 0)
		return;
	take_histograms(r, vm, to, m);
	if (to->hist && m->series_gpa)
		take_series(r, vm, to, m->series_gpa);
	if (to->hist && m->phases_gpa)
		take_phases(r, vm, to, m->phases_gpa);
}
