/* SPDX-License-Identifier: BSD-2-Clause */
/* take_break.c - see take.h: the samples above --break-at. */
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/result/figures.h"
#include "vmm/result/take.h"

/* By their ends; where there are too many, the first ones. */
static void add(struct result *r, const struct result_break *b)
{
	unsigned int i = r->nr_broke;

	while (i && r->broke[i - 1].tsc > b->tsc)
		i--;
	if (i == HIST_NR_WORST)
		return;
	if (r->nr_broke < HIST_NR_WORST)
		r->nr_broke++;
	memmove(&r->broke[i + 1], &r->broke[i],
		(r->nr_broke - i - 1) * sizeof(*b));
	r->broke[i] = *b;
}

/*
 * Those of a metric that its histogram has among the worst, where each of the
 * first ones is: hist.h.  How many.
 */
static unsigned int add_metric(struct result *r, const struct result_metric *m)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; m->hist && i < HIST_NR_WORST; i++) {
		const struct hist_worst w = m->hist->worst[i];

		if (w.value <= r->break_tsc || w.value > INT64_MAX ||
		    w.tsc == 0 || w.tsc > INT64_MAX)
			continue;
		nr++;
		add(r, &(struct result_break){
			       .metric = m,
			       .value = (int64_t)w.value,
			       .tsc = w.tsc,
		       });
	}
	return nr;
}

static bool has_broken(const struct result *r, uint32_t metric)
{
	for (unsigned int i = 0; i < r->nr_broke; i++)
		if (metric < r->nr_metrics &&
		    r->broke[i].metric == &r->metrics[metric])
			return true;
	return false;
}

/*
 * A guest that did not tell of a sample above the limit.  Metrics whose times
 * mean nothing by themselves do not break.
 */
static void check_silence(struct result *r)
{
	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		const struct result_metric *m = &r->metrics[i];

		if (!result_is_shown(m) || !m->hist ||
		    m->hist->max <= r->break_tsc)
			continue;
		result_verdict(r, VERDICT_ERROR,
			       "metric %s: it has a sample above --break-at, "
			       "and the payload went on",
			       m->name);
	}
}

/* Each that ended the run must be there; several may before the first has. */
static void check_told(struct result *r, const struct vm *vm)
{
	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		const struct vcpu *vcpu = &vm->vcpus[i];

		if (vcpu->state == VCPU_BROKE &&
		    !has_broken(r, vcpu->break_metric))
			result_verdict(r, VERDICT_ERROR,
				       "vCPU %u says that a sample of metric "
				       "%u is above --break-at, and there is "
				       "none",
				       i, vcpu->break_metric);
	}
}

static void judge(struct result *r)
{
	const struct result_break *b = &r->broke[0];
	char others[48] = "";

	if (r->nr_broke > 1)
		snprintf(others, sizeof(others), ", the first of %u",
			 r->nr_broke);
	result_verdict(r, VERDICT_FAIL,
		       "%s (vCPU %u): a sample of %.0f %s is above "
		       "--break-at, %.0f %s; it ended at TSC %ju%s",
		       b->metric->name, b->metric->vcpu,
		       result_value(r, b->value), result_unit(r),
		       result_value(r, (int64_t)r->break_tsc), result_unit(r),
		       (uintmax_t)b->tsc, others);
}

void take_break(struct result *r, const struct vm *vm, bool whole)
{
	unsigned int told = vm->nr_breaks, nr = 0;

	for (unsigned int i = 0; told && i < r->nr_metrics; i++)
		if (result_is_shown(&r->metrics[i]))
			nr += add_metric(r, &r->metrics[i]);
	check_told(r, vm);
	if (told > nr)
		result_verdict(r, VERDICT_ERROR,
			       "the guest says that %u sample%s are above "
			       "--break-at, and %u are",
			       told, plural(told), nr);
	else if (r->break_tsc && whole && (told == 0 || told < nr))
		check_silence(r);
	if (r->nr_broke)
		judge(r);
}
