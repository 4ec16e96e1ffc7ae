/* SPDX-License-Identifier: BSD-2-Clause */
/* result.c - from the guest's memory to struct result, believing nothing. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/base/verdict.h"
#include "vmm/machine/devices.h"
#include "vmm/result/result.h"

void result_verdict(struct result *r, enum verdict v, const char *fmt, ...)
{
	va_list ap;

	if (r->verdict >= v)
		return;
	r->verdict = v;
	va_start(ap, fmt);
	vsnprintf(r->reason, sizeof(r->reason), fmt, ap);
	va_end(ap);
}

void result_warn(struct result *r, const char *fmt, ...)
{
	va_list ap;

	if (r->nr_warnings == RESULT_MAX_WARNINGS)
		return;
	va_start(ap, fmt);
	vsnprintf(r->warnings[r->nr_warnings++], RESULT_TEXT_LEN, fmt, ap);
	va_end(ap);
}

int result_status(const struct result *r)
{
	if (r->interrupted && r->verdict <= VERDICT_PASS)
		return STATUS_INTERRUPTED;
	return verdict_status(r->verdict);
}

/* NULL: gpa is not the address of a histogram in RAM. */
static const struct hist *take_hist(const struct vm *vm, gpa_t gpa)
{
	if (gpa % _Alignof(struct hist) != 0)
		return NULL;
	return vm_hva(vm, gpa, sizeof(struct hist));
}

/* What the percentiles come from must not contradict itself.  NULL: fine. */
static const char *hist_wrong(const struct hist *h)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < HIST_NR_BUCKETS; i++)
		if (__builtin_add_overflow(sum, h->bucket[i], &sum) ||
		    sum > INT64_MAX)
			return "counts more samples than there can be";
	if (sum != h->count)
		return "has buckets that do not add up to its count";
	if (h->out_of_range > INT64_MAX - sum)
		return "counts more samples than there can be";
	if (sum + h->out_of_range == 0)
		return NULL;
	if (h->min > h->max || h->max > INT64_MAX)
		return "has an impossible minimum or maximum";
	if ((h->out_of_range != 0) != (h->max >> HIST_MAX_BITS != 0))
		return "has a maximum outside of its buckets";
	if (sum && (h->min >> HIST_MAX_BITS || !h->bucket[hist_index(h->min)]))
		return "has no sample in its minimum's bucket";
	if (!h->out_of_range && !h->bucket[hist_index(h->max)])
		return "has no sample in its maximum's bucket";
	if (!h->out_of_range && ((__uint128_t)sum * h->min > h->sum ||
				 (__uint128_t)sum * h->max < h->sum))
		return "has a sum that its samples cannot have";
	for (unsigned int i = 0; i < HIST_NR_WORST; i++)
		if (h->worst[i].value > h->max)
			return "has a worst sample above its maximum";
	return NULL;
}

/*
 * A vCPU that was stopped may be between two stores of one sample: what is in
 * the buckets counts.
 */
static void hist_settle(struct hist *h)
{
	h->count = 0;
	for (unsigned int i = 0; i < HIST_NR_BUCKETS; i++)
		h->count += h->bucket[i];
}

static void take_histograms(struct result *r, struct result_metric *to,
			    const struct metric *m)
{
	const struct hist *hists[2];

	if (m->hist_gpa == 0)
		return;
	to->hist = take_hist(r->vm, m->hist_gpa);
	if (m->flags & METRIC_SIGNED)
		to->early = take_hist(r->vm, m->early_gpa);
	if (!to->hist || (m->flags & METRIC_SIGNED && !to->early)) {
		to->hist = to->early = NULL;
		result_verdict(r, VERDICT_ERROR,
			       "metric %s: its histogram is not in RAM",
			       to->name);
		return;
	}
	if (m->status != METRIC_DONE) {
		hist_settle(vm_hva(r->vm, m->hist_gpa, sizeof(struct hist)));
		if (to->early)
			hist_settle(vm_hva(r->vm, m->early_gpa,
					   sizeof(struct hist)));
	}
	hists[0] = to->hist;
	hists[1] = to->early;
	for (unsigned int i = 0; i < 2; i++) {
		const char *wrong = NULL;

		if (hists[i] && m->status == METRIC_DONE)
			wrong = hist_wrong(hists[i]);
		if (wrong)
			result_verdict(r, VERDICT_ERROR,
				       "metric %s: its histogram %s", to->name,
				       wrong);
	}
}

static void take_metric(struct result *r, unsigned int i)
{
	/* A copy: after STOP_STUCK the guest may still be writing. */
	const struct metric copy = vm_result(r->vm)->metrics[i];
	const struct metric *m = &copy;
	struct result_metric *to = &r->metrics[r->nr_metrics++];

	text_copy(to->name, sizeof(to->name), m->name, sizeof(m->name));
	text_copy(to->reason, sizeof(to->reason), m->reason, sizeof(m->reason));
	to->status = m->status < NR_METRIC_STATUS
			     ? (enum metric_status)m->status
			     : METRIC_OPEN;
	to->vcpu = m->vcpu < r->vm->nr_vcpus ? m->vcpu : 0;
	to->flags = m->flags;
	to->asked = m->asked;
	to->missed = m->missed;
	to->blocking = m->blocking;
	to->window_index = i;
	if (i < RESULT_MAX_WINDOWS && r->vm->vcpus[to->vcpu].windows[i].ended)
		to->window = &r->vm->vcpus[to->vcpu].windows[i];
	take_histograms(r, to, m);
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
			       "metric %s: %ju samples were asked for, the "
			       "histogram has %ju",
			       to->name, (uintmax_t)to->asked,
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
static void take_comparison(struct result *r, unsigned int i)
{
	const struct metric *m = &vm_result(r->vm)->metrics[i];

	r->metrics[i].base = other_metric(r, i, m->base);
	r->metrics[i].unit = other_metric(r, i, m->unit);
}

static void take_guest_verdict(struct result *r)
{
	const struct result_area *area = vm_result(r->vm);
	char reason[sizeof(area->reason) + 1];

	text_copy(reason, sizeof(reason), area->reason, sizeof(area->reason));
	if (area->abi_version != ABI_VERSION)
		result_verdict(
			r, VERDICT_ERROR,
			"the payload says ABI %u, this program speaks %u",
			area->abi_version, ABI_VERSION);
	switch (area->verdict) {
	case VERDICT_PASS:
	case VERDICT_SKIP:
	case VERDICT_FAIL:
	case VERDICT_ERROR:
		result_verdict(r, (enum verdict)area->verdict, "%s", reason);
		break;
	default:
		result_verdict(r, VERDICT_ERROR,
			       "the payload ended without a verdict (%u)",
			       area->verdict);
		break;
	}
}

/* Nothing at all could be measured here. */
static void take_skips(struct result *r)
{
	if (r->nr_metrics == 0)
		return;
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		if (r->metrics[i].status != METRIC_SKIP)
			return;
	result_verdict(r, VERDICT_SKIP, "%s: %s", r->metrics[0].name,
		       r->metrics[0].reason);
}

/* A payload that passes has finished what it began. */
static void take_unfinished(struct result *r)
{
	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		const struct result_metric *m = &r->metrics[i];

		if (m->status == METRIC_OPEN && r->verdict == VERDICT_PASS)
			result_verdict(r, VERDICT_ERROR,
				       "metric %s: the payload ended before it "
				       "was done",
				       m->name);
	}
}

static void take_crash(struct result *r)
{
	const struct result_area *area = vm_result(r->vm);

	for (uint32_t i = 0; i < r->vm->nr_vcpus; i++) {
		const struct vcpu *vcpu = &r->vm->vcpus[i];

		if (vcpu->state == VCPU_CRASHED) {
			r->crashed = vcpu;
			result_verdict(r, VERDICT_CRASH, "vCPU %u: %s",
				       vcpu->index, vcpu->crash.reason);
			return;
		}
	}
	r->has_trap = area->trap.valid != 0;
	r->trap = area->trap;
	result_verdict(r, VERDICT_CRASH,
		       "the guest took an unexpected trap, vector %ju",
		       (uintmax_t)r->trap.vector);
}

/* Host clock, guest's first clock read, host clock: in this order. */
static void check_clock(struct result *r)
{
	const struct vcpu *v = &r->vm->vcpus[0];
	uint64_t guest = vm_result(r->vm)->boot_tsc;

	for (uint32_t i = 0; i < r->vm->nr_vcpus; i++)
		if (!r->vm->vcpus[i].tsc_offset_known ||
		    r->vm->vcpus[i].tsc_offset != 0)
			result_warn(r,
				    "vCPU %u: the guest's clock is not the "
				    "host's (offset %jd): times of the two "
				    "cannot be compared",
				    i, (intmax_t)r->vm->vcpus[i].tsc_offset);
	if (guest != 0 && v->tsc_offset_known && v->tsc_offset == 0 &&
	    (guest < v->entry_tsc || guest > v->exit_tsc))
		result_verdict(r, VERDICT_ERROR,
			       "the guest's clock is not the host's although "
			       "its offset is 0: it read %ju, the host %ju "
			       "before and %ju after",
			       (uintmax_t)guest, (uintmax_t)v->entry_tsc,
			       (uintmax_t)v->exit_tsc);
}

/* Has a metric before that one its name? */
static bool is_repeated(const struct result *r, unsigned int index)
{
	for (unsigned int i = 0; i < index; i++)
		if (strcmp(r->metrics[i].name, r->metrics[index].name) == 0)
			return true;
	return false;
}

void result_list_metrics(const struct result *r, const char *but, char *text,
			 size_t len)
{
	size_t at = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		const char *name = r->metrics[i].name;

		if (strcmp(name, but) == 0 || is_repeated(r, i) ||
		    at + strlen(name) + 3 > len)
			continue;
		at += (size_t)snprintf(text + at, len - at, "%s%s",
				       at ? ", " : "", name);
	}
}

static void take_devices(struct result *r)
{
	for_each_device (d) {
		struct result_device *to = &r->devices[r->nr_devices];

		if (!devices_has(r->vm, *d) || !(*d)->stats)
			continue;
		snprintf(to->name, sizeof(to->name), "%s", (*d)->name);
		to->nr = (*d)->stats(device_state(r->vm, *d), to->stats);
		r->nr_devices++;
	}
}

void result_take(struct result *r, enum stop_reason why)
{
	uint32_t nr = vm_result(r->vm)->nr_metrics;

	if (nr > RESULT_MAX_METRICS) {
		result_verdict(r, VERDICT_ERROR,
			       "the payload claims %u metrics, %u is the most",
			       nr, RESULT_MAX_METRICS);
		nr = 0;
	}
	for (unsigned int i = 0; i < nr; i++)
		take_metric(r, i);
	for (unsigned int i = 0; i < nr; i++)
		take_comparison(r, i);
	take_devices(r);
	result_take_break(r, why == STOP_ENDED);
	switch (why) {
	case STOP_ENDED:
		take_guest_verdict(r);
		take_unfinished(r);
		take_skips(r);
		break;
	case STOP_CRASH:
		take_crash(r);
		break;
	case STOP_BREAK: /* done */
		break;
	case STOP_INTERRUPTED:
		r->interrupted = true;
		result_verdict(r, VERDICT_PASS, "interrupted");
		break;
	case STOP_STEP:
		result_verdict(r, VERDICT_TIMEOUT,
			       "more than %u steps of the payload did not "
			       "return: it is broken",
			       RESULT_MAX_METRICS);
		break;
	case STOP_TIMEOUT:
		result_verdict(r, VERDICT_TIMEOUT,
			       "the run was not done after %ju ms: give it "
			       "more with --limit SECONDS",
			       (uintmax_t)r->setup->limit_ms);
		break;
	case STOP_STUCK:
		result_verdict(
			r, VERDICT_TIMEOUT,
			"KVM did not give a vCPU back within a second of "
			"being told to: something else has its CPU");
		break;
	}
	if (r->timeouts)
		result_verdict(r, VERDICT_TIMEOUT,
			       "a step of the payload did not return within "
			       "its own limit");
	if (why != STOP_STUCK) /* then the thread has not said its part */
		check_clock(r);
}
