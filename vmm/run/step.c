/* SPDX-License-Identifier: BSD-2-Clause */
/* step.c - see step.h. */
#include <stdio.h>
#include <x86intrin.h>

#include "vmm/machine/crash.h"
#include "vmm/run/step.h"

static uint64_t step_start(const struct vm *vm)
{
	return __atomic_load_n(&vm_result(vm)->step.start_tsc,
			       __ATOMIC_ACQUIRE);
}

/*
 * The last metric with samples of its own: parts of it may be behind it, which
 * need not have any.  RESULT_MAX_METRICS: there is none.
 */
static uint32_t last_metric(const struct result_area *r)
{
	uint32_t nr = *(const volatile uint32_t *)&r->nr_metrics;

	if (nr > RESULT_MAX_METRICS)
		return RESULT_MAX_METRICS;
	while (nr && r->metrics[nr - 1].flags & METRIC_PART)
		nr--;
	return nr ? nr - 1 : RESULT_MAX_METRICS;
}

bool step_is_late(const struct vm *vm)
{
	const volatile struct step *step = &vm_result(vm)->step;
	uint64_t start = step_start(vm);
	uint64_t spent = __rdtsc() - start;
	uint64_t first = step->first_tsc;
	const struct result_area *r = vm_result(vm);
	uint32_t last = last_metric(r);
	const struct hist *h;

	if (start == 0 || (int64_t)spent < 0)
		return false;
	if (spent > step->limit_tsc)
		return step_start(vm) == start;
	if (first == 0 || spent < first || last >= RESULT_MAX_METRICS)
		return false;
	h = vm_hist(vm, r->metrics[last].hist_gpa);
	/* The guest went on meanwhile: is it still the same step? */
	return h && h->count == 0 && step_start(vm) == start;
}

/* Why a step without a single sample ended: text for struct metric. */
static void why_unusable(const struct vm *vm, enum stop_reason why, char *text,
			 size_t len)
{
	const struct result_area *area = vm_result(vm);

	if (why == STOP_STEP)
		snprintf(text, len,
			 "the first did not return within %ju ms: not usable",
			 (uintmax_t)(area->step.first_tsc / vm->tsc_khz));
	else if (area->trap.valid)
		snprintf(text, len, "the first one traps, vector %ju (%s)",
			 (uintmax_t)area->trap.vector,
			 crash_vector_name(area->trap.vector));
	else
		snprintf(text, len, "KVM cannot emulate the instruction");
}

/* The metric of the step that is running, or NULL. */
static struct metric *open_metric(const struct vm *vm)
{
	struct result_area *area = vm_result(vm);
	uint32_t last = last_metric(area);
	struct metric *m;

	if (area->step.start_tsc == 0 || last == RESULT_MAX_METRICS)
		return NULL;
	m = &area->metrics[last];
	return m->step == area->step.index && m->status == METRIC_OPEN ? m
								       : NULL;
}

bool step_ended(const struct vm *vm, enum stop_reason why)
{
	const struct metric *m = open_metric(vm);
	const struct hist *h;

	if (why == STOP_STEP)
		return true;
	if (why != STOP_CRASH || !m || vm_result(vm)->step.first_tsc == 0)
		return false;
	h = vm_hist(vm, m->hist_gpa);
	return h && h->count == 0;
}

/*
 * What becomes of a metric that its step left open: SKIP when the step said
 * that some hosts cannot do it and there is no sample.
 */
static void end_metric(const struct vm *vm, enum stop_reason why,
		       struct metric *m, struct result *result)
{
	const struct hist *h = vm_hist(vm, m->hist_gpa);

	if (h && h->count == 0 && vm_result(vm)->step.first_tsc) {
		m->status = METRIC_SKIP;
		why_unusable(vm, why, m->reason, sizeof(m->reason));
		return;
	}
	m->status = METRIC_TIMEOUT;
	result->timeouts++;
}

uint64_t step_end(struct vm *vm, enum stop_reason why, struct result *result)
{
	struct result_area *area = vm_result(vm);
	uint32_t nr = area->nr_metrics;
	bool any = false;

	for (uint32_t i = 0; i < nr && i < RESULT_MAX_METRICS; i++) {
		struct metric *m = &area->metrics[i];

		if (m->step != area->step.index || m->status != METRIC_OPEN)
			continue;
		end_metric(vm, why, m, result);
		any = true;
	}
	result->timeouts += !any;
	result->restarts++;
	area->trap.valid = 0;
	area->step.start_tsc = 0;
	return area->step.index + 1;
}
