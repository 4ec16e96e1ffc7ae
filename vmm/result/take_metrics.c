/* SPDX-License-Identifier: BSD-2-Clause */
/* take_metrics.c - see take.h: the metrics, believing nothing. */
#include "vmm/base/text.h"
#include "vmm/payload/note.h"
#include "vmm/result/rounds.h"
#include "vmm/result/take.h"
#include "vmm/statistics/hist_check.h"

/* Those of all rounds together are below 2^63. */
#define MOST_CYCLES (INT64_MAX / ROUNDS_MAX)

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

/* A figure of the metric's own, or 0: there cannot be so many. */
static uint64_t take_figure(struct result *r, const struct result_metric *m,
			    const char *what, uint64_t value, uint64_t most)
{
	if (value <= most)
		return value;
	result_verdict(r, VERDICT_ERROR,
		       "metric %s: it says %ju %s, which cannot be", m->name,
		       (uintmax_t)value, what);
	return 0;
}

static void take_figures(struct result *r, struct result_metric *to,
			 const struct metric *m)
{
	to->asked = take_figure(r, to, "samples were asked for", m->asked,
				HIST_MOST);
	to->missed =
		take_figure(r, to, "periods were missed", m->missed, HIST_MOST);
	to->blocking = take_figure(r, to, "halts must have slept", m->blocking,
				   HIST_MOST);
	to->blind = take_figure(r, to, "cycles without a sender", m->blind,
				MOST_CYCLES);
}

/* What a metric that says it is done must have. */
static void check_done(struct result *r, const struct result_metric *m)
{
	struct dist d = metric_dist(m);

	if (!m->hist)
		result_verdict(r, VERDICT_ERROR,
			       "metric %s: it is done and has no histogram",
			       m->name);
	else if (m->asked && dist_samples(&d) != m->asked)
		result_verdict(r, VERDICT_ERROR,
			       "metric %s: %ju sample%s asked for, the "
			       "histogram has %ju",
			       m->name, (uintmax_t)m->asked,
			       m->asked == 1 ? " was" : "s were",
			       (uintmax_t)dist_samples(&d));
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
	take_figures(r, to, m);
	to->window_index = i;
	to->window = result_window(r, i, to->vcpu);
	take_samples(r, vm, to, m);
	if (to->status == METRIC_TIMEOUT)
		result_verdict(r, VERDICT_TIMEOUT,
			       "%s did not return within its own limit; the "
			       "others went on",
			       to->name);
	if (to->status == METRIC_DONE)
		check_done(r, to);
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
