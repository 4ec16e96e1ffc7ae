/* SPDX-License-Identifier: BSD-2-Clause */
/* take_metrics.c - see take.h: the metrics, believing nothing. */
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/base/text.h"
#include "vmm/payload/note.h"
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

static void check_hist(struct result *r, const struct result_metric *m,
		       struct hist *h)
{
	const char *wrong;

	if (!h)
		return;
	if (m->status != METRIC_DONE)
		hist_settle(h);
	wrong = m->status == METRIC_DONE ? hist_wrong(h) : NULL;
	if (wrong)
		result_verdict(r, VERDICT_ERROR, "metric %s: its histogram %s",
			       m->name, wrong);
}

static void take_histograms(struct result *r, const struct vm *vm,
			    struct result_metric *to, const struct metric *m)
{
	if (m->hist_gpa == 0)
		return;
	to->hist = take_copy(vm, m->hist_gpa, sizeof(*to->hist));
	if (m->flags & METRIC_SIGNED)
		to->early = take_copy(vm, m->early_gpa, sizeof(*to->early));
	if (m->flags & METRIC_DEADLINES)
		to->unmet = take_copy(vm, m->missed_gpa, sizeof(*to->unmet));
	if (!to->hist || (m->flags & METRIC_SIGNED && !to->early) ||
	    (m->flags & METRIC_DEADLINES && !to->unmet)) {
		result_drop_samples(to);
		result_verdict(r, VERDICT_ERROR,
			       "metric %s: its histogram is not in RAM",
			       to->name);
		return;
	}
	check_hist(r, to, to->hist);
	check_hist(r, to, to->early);
	check_hist(r, to, to->unmet);
	if (to->status == METRIC_DONE && to->unmet &&
	    to->unmet->count + to->unmet->out_of_range != to->missed)
		result_verdict(r, VERDICT_ERROR,
			       "metric %s: %ju deadlines were missed, and it "
			       "has the lateness of %ju",
			       to->name, (uintmax_t)to->missed,
			       (uintmax_t)to->unmet->count);
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

/* Both are of all samples, those out of range too. */
static void take_series(struct result *r, const struct vm *vm,
			struct result_metric *to, gpa_t gpa)
{
	struct series *s = take_copy(vm, gpa, sizeof(*s));
	struct dist d = metric_dist(to);

	to->series =
		keep(r, to, s, "series",
		     s ? series_wrong(s, dist_count(&d) + dist_out_of_range(&d))
		       : "is not in RAM");
}

static void take_phases(struct result *r, const struct vm *vm,
			struct result_metric *to, gpa_t gpa)
{
	struct phases *p = take_copy(vm, gpa, sizeof(*p));
	struct dist d = metric_dist(to);

	to->phases =
		keep(r, to, p, "phases",
		     p ? phases_wrong(p, dist_count(&d) + dist_out_of_range(&d))
		       : "are not in RAM");
}

/* --fail-if was checked against the names of the note. */
static void check_name(struct result *r, const struct vm *vm, unsigned int i,
		       const struct metric *m)
{
	const struct image *image = vm->image;
	const char *name = r->metrics[i].name;

	if (!metric_name_ok(m->name, sizeof(m->name)))
		result_verdict(r, VERDICT_ERROR,
			       "metric %u is named '%s', wanted 1 to %zu of a "
			       "to z, 0 to 9 and _",
			       i, name, sizeof(m->name) - 1);
	else if (image->nr_metrics && !image_metric(image, name))
		result_verdict(r, VERDICT_ERROR,
			       "metric %s: the payload's notes do not name it",
			       name);
}

static void take_metric(struct result *r, const struct vm *vm, unsigned int i)
{
	/* A copy: after STOP_STUCK the guest may still be writing. */
	const struct metric copy = vm_result(vm)->metrics[i];
	const struct metric *m = &copy;
	struct result_metric *to = &r->metrics[r->nr_metrics++];

	text_copy(to->name, sizeof(to->name), m->name, sizeof(m->name));
	check_name(r, vm, i, m);
	text_copy(to->reason, sizeof(to->reason), m->reason, sizeof(m->reason));
	to->status = m->status < NR_METRIC_STATUS
			     ? (enum metric_status)m->status
			     : METRIC_OPEN;
	to->vcpu = m->vcpu < r->nr_vcpus ? m->vcpu : 0;
	to->flags = m->flags;
	to->asked = m->asked;
	to->missed = m->missed;
	to->blocking = m->blocking;
	to->blind = m->blind;
	to->window_index = i;
	to->window = result_window(r, i, to->vcpu);
	take_histograms(r, vm, to, m);
	if (to->hist && m->series_gpa)
		take_series(r, vm, to, m->series_gpa);
	if (to->hist && m->phases_gpa)
		take_phases(r, vm, to, m->phases_gpa);
	if (to->status == METRIC_TIMEOUT)
		result_verdict(r, VERDICT_TIMEOUT,
			       "%s did not return within its own limit; the "
			       "others went on",
			       to->name);
	if (to->status != METRIC_DONE)
		return;
	if (!to->hist) {
		result_verdict(r, VERDICT_ERROR,
			       "metric %s: it is done and has no histogram",
			       to->name);
		return;
	}
	if (to->asked &&
	    to->hist->count + to->hist->out_of_range +
			    (to->early ? to->early->count +
						 to->early->out_of_range
				       : 0) !=
		    to->asked)
		result_verdict(r, VERDICT_ERROR,
			       "metric %s: %ju sample%s asked for, the "
			       "histogram has %ju",
			       to->name, (uintmax_t)to->asked,
			       to->asked == 1 ? " was" : "s were",
			       (uintmax_t)to->hist->count);
}

static const struct result_metric *other_metric(struct result *r,
						unsigned int i, uint32_t index)
{
	const struct result_metric *m = &r->metrics[i];

	if (index == 0)
		return NULL;
	if (index - 1 < r->nr_metrics && index - 1 != i)
		return &r->metrics[index - 1];
	result_verdict(r, VERDICT_ERROR,
		       "metric %s: is compared with metric %u, which is not "
		       "there",
		       m->name, index - 1);
	return NULL;
}

/* Once all of them are there. */
static void take_comparison(struct result *r, const struct vm *vm,
			    unsigned int i)
{
	const struct metric *m = &vm_result(vm)->metrics[i];
	struct result_metric *to = &r->metrics[i];

	to->base = other_metric(r, i, m->base);
	to->unit = other_metric(r, i, m->unit);
	to->gain = other_metric(r, i, m->gain);
	to->whole = other_metric(r, i, m->whole);
	if (to->base && !to->gain && to->status == METRIC_DONE)
		result_verdict(r, VERDICT_ERROR,
			       "metric %s: it is compared with %s, and no "
			       "metric has what it gains",
			       to->name, to->base->name);
}

void take_metrics(struct result *r, const struct vm *vm)
{
	uint32_t nr = vm_result(vm)->nr_metrics;

	if (nr > RESULT_MAX_METRICS) {
		result_verdict(r, VERDICT_ERROR,
			       "the payload claims %u metrics, %u is the most",
			       nr, RESULT_MAX_METRICS);
		nr = 0;
	}
	for (unsigned int i = 0; i < nr; i++)
		take_metric(r, vm, i);
	for (unsigned int i = 0; i < nr; i++)
		take_comparison(r, vm, i);
}

/* Without a window of its own vCPU nothing of it is checked. */
static bool wants_window(const struct result_metric *m)
{
	return m->blocking || m->flags & METRIC_COUNTED ||
	       !(m->flags & (METRIC_PART | METRIC_NO_WINDOW));
}

void take_windows(struct result *r, const struct vm *vm)
{
	for (unsigned int i = 0; i < RESULT_MAX_WINDOWS; i++) {
		const struct result_metric *m = &r->metrics[i];
		bool is_metric = i < r->nr_metrics;

		for (uint32_t v = 0; v < r->nr_vcpus; v++) {
			const struct window *w = vm->vcpus[v].windows;

			if (!w || !w[i].begun)
				continue;
			if (!is_metric)
				result_verdict(r, VERDICT_ERROR,
					       "vCPU %u began window %u, and "
					       "there is no such metric",
					       v, i);
			else if (m->status == METRIC_DONE && !w[i].ended)
				result_verdict(r, VERDICT_ERROR,
					       "metric %s: vCPU %u began its "
					       "window and never ended it",
					       m->name, v);
		}
		if (is_metric && m->status == METRIC_DONE && !m->window &&
		    wants_window(m))
			result_verdict(r, VERDICT_ERROR,
				       "metric %s: vCPU %u had no window for "
				       "it, so nothing of it was checked",
				       m->name, m->vcpu);
	}
}
