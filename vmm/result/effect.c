/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * effect.c - see effect.h.  A KVM may take a setting and not act on it: one
 * that emulates the guest sees each HLT whatever was switched off, and none
 * polls for halts that are longer than it may poll.
 */
#include <stdio.h>
#include <stdlib.h>

#include "vmm/base/text.h"
#include "vmm/result/effect.h"

#define REASON_LEN 96

/* All windows together. */
struct idle_counts {
	uint64_t halts;	       /* the guest's */
	uint64_t exits, polls; /* of those, by KVM's count */
};

static uint64_t kvm_count(const struct result *r, const struct result_window *w,
			  const char *name)
{
	int i = result_stat(r, name);

	return i < 0 ? 0 : w->counts.kvm.value[i];
}

static struct idle_counts idle_counts(const struct result *r)
{
	struct idle_counts n = {.halts = 0};

	for (unsigned int m = 0; m < r->nr_metrics; m++) {
		for (uint32_t v = 0; v < r->nr_vcpus; v++) {
			const struct result_window *w = result_window(r, m, v);

			if (!w)
				continue;
			n.halts += w->counts.guest.halts;
			n.exits += kvm_count(r, w, "halt_exits");
			n.polls += kvm_count(r, w, "halt_attempted_poll");
		}
	}
	return n;
}

/* Why it is not; NULL: it is, or these counts cannot tell. */
static const char *why_not(const struct result *r, enum idle_mode mode,
			   char *why)
{
	struct idle_counts n = idle_counts(r);
	bool polls_known = result_stat(r, "halt_attempted_poll") >= 0;
	bool no_polls = mode == IDLE_GUEST_POLL ||
			(mode == IDLE_HLT && r->machine.halt_poll_ns == 0);

	if (n.halts == 0)
		return NULL;
	if (mode == IDLE_HLT_PASSTHROUGH && n.exits)
		snprintf(why, REASON_LEN,
			 "not in effect: KVM counted %ju halt exit%s for %ju "
			 "halt%s",
			 (uintmax_t)n.exits, plural(n.exits),
			 (uintmax_t)n.halts, plural(n.halts));
	else if (mode == IDLE_HALT_POLL && polls_known && !n.polls)
		snprintf(why, REASON_LEN,
			 "not in effect: KVM polled at none of %ju halt%s",
			 (uintmax_t)n.halts, plural(n.halts));
	else if (no_polls && n.polls)
		snprintf(why, REASON_LEN,
			 "not in effect: KVM polled at %ju of %ju halt%s",
			 (uintmax_t)n.polls, (uintmax_t)n.halts,
			 plural(n.halts));
	else
		return NULL;
	return why;
}

/* Of another mode than its name says: nobody shall take them for it. */
static void drop_samples(struct result_metric *m, const char *why)
{
	result_drop_samples(m);
	m->status = METRIC_SKIP;
	text_copy(m->reason, sizeof(m->reason), why, REASON_LEN);
}

void result_check_effect(struct result *r, enum idle_mode mode)
{
	char text[REASON_LEN];
	const char *why = why_not(r, mode, text);

	if (!why)
		return;
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		drop_samples(&r->metrics[i], why);
	r->nr_broke = 0;
	result_verdict(r, VERDICT_SKIP, "%s", why);
}
