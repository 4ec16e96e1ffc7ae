/* SPDX-License-Identifier: BSD-2-Clause */
/* window.c - the counts around a measured part of a run: vcpu_window() of
 * device.h.
 */
#include <errno.h>
#include <sched.h>

#include "vmm/machine/vcpu.h"

/* The payload said in its note that it may ask, and asks now. */
static bool counts_msrs(const struct vcpu *vcpu, uint32_t window)
{
	return vcpu->vm->image->note.flags & PAYLOAD_COUNTS_MSRS &&
	       window < RESULT_MAX_METRICS &&
	       vm_result(vcpu->vm)->metrics[window].flags & METRIC_COUNTED;
}

static void begin_counting(struct vcpu *vcpu, struct window *w)
{
	const struct msr_events *events = &vcpu->vm->msr_events;

	w->counts_msrs = true;
	w->msr_error =
		*events->missing
			? -ENOENT
			: msr_counters_start(&vcpu->msr_counters, events);
}

/* Before the first window's begin, and after its end. */
static void read_noise(struct vcpu *vcpu, uint32_t window, bool begin)
{
	struct noise *n = vcpu->noise;

	if (!n || (begin ? n->begun : n->ended || n->window != window))
		return;
	if (begin) {
		n->begun = true;
		n->window = window;
		n->cpu = sched_getcpu();
	} else {
		n->ended = true;
	}
	noise_read(begin ? &n->begin : &n->end, n->cpu);
}

bool vcpu_window(struct vcpu *vcpu, uint32_t window, bool begin)
{
	struct window *w;

	if (window >= RESULT_MAX_WINDOWS)
		return false;
	w = &vcpu->windows[window];
	if (begin ? w->begun : !w->begun || w->ended)
		return false;
	if (begin) {
		w->begun = true;
		read_noise(vcpu, window, true);
		if (counts_msrs(vcpu, window))
			begin_counting(vcpu, w);
		vcpu_snapshot(vcpu, &w->begin, true);
	} else {
		w->ended = true;
		if (w->counts_msrs && w->msr_error == 0)
			w->msrs = msr_counters_stop(&vcpu->msr_counters);
		vcpu_snapshot(vcpu, &w->end, false);
		read_noise(vcpu, window, false);
	}
	return true;
}
