/* SPDX-License-Identifier: BSD-2-Clause */
/* take_break.c - see take.h: the sample that ended a run with --break-at. */
#include "vmm/result/figures.h"
#include "vmm/result/take.h"

/*
 * The sample that the guest says is above --break-at: its histogram has it
 * among the worst, or the guest is wrong.
 */
static struct result_break find_break(const struct result *r, uint32_t metric)
{
	struct result_break found = {.metric = NULL};
	const struct hist *h;

	if (metric >= r->nr_metrics || !r->metrics[metric].hist)
		return found;
	h = r->metrics[metric].hist;
	for (unsigned int i = 0; i < HIST_NR_WORST; i++) {
		const struct hist_worst w = h->worst[i];

		if (w.value <= r->break_tsc || w.value > INT64_MAX ||
		    w.tsc == 0 || w.tsc > INT64_MAX)
			continue;
		if (!found.metric || w.tsc < found.tsc)
			found = (struct result_break){
				.metric = &r->metrics[metric],
				.value = (int64_t)w.value,
				.tsc = w.tsc,
			};
	}
	return found;
}

/*
 * A guest that did not stop at a sample above the limit.  Metrics whose times
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

/* Several vCPUs may break before the first of them has ended the run. */
void take_break(struct result *r, const struct vm *vm, bool whole)
{
	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		const struct vcpu *vcpu = &vm->vcpus[i];
		struct result_break b;

		if (vcpu->state != VCPU_BROKE)
			continue;
		b = find_break(r, vcpu->break_metric);
		if (!b.metric)
			result_verdict(r, VERDICT_ERROR,
				       "vCPU %u says that a sample of metric "
				       "%u is above --break-at, and there is "
				       "none",
				       i, vcpu->break_metric);
		else if (!r->broke.metric || b.tsc < r->broke.tsc)
			r->broke = b;
	}
	if (!r->broke.metric && r->break_tsc && whole)
		check_silence(r);
	if (r->broke.metric)
		result_verdict(r, VERDICT_FAIL,
			       "%s (vCPU %u): a sample of %.0f %s is above "
			       "--break-at, %.0f %s; it ended at TSC %ju",
			       r->broke.metric->name, r->broke.metric->vcpu,
			       result_value(r, r->broke.value), result_unit(r),
			       result_value(r, (int64_t)r->break_tsc),
			       result_unit(r), (uintmax_t)r->broke.tsc);
}
