/* SPDX-License-Identifier: BSD-2-Clause */
/* window.c - the counts around a measured part of a run: vcpu_window() of
 * device.h.
 */
#include <errno.h>

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
	w->counts_msrs = true;
	w->msr_error = vcpu_open_counters(vcpu);
	if (w->msr_error == 0)
		w->msr_error = msr_counters_start(&vcpu->msr_counters);
}

/* Before the first window's begin, and after its end where that is wanted. */
static void read_noise(struct vcpu *vcpu, uint32_t window, bool begin)
{
	struct noise *n = vcpu->noise;

	if (!n || (begin ? n->begun
			 : !n->in_window || n->ended || n->window != window))
		return;
	if (begin) {
		n->begun = true;
		n->window = window;
	} else {
		n->ended = true;
	}
	noise_read(n, begin ? &n->begin : &n->end);
}

/* What was counted since the window ended is left out of it. */
static void leave_out(struct vcpu_snapshot *begin,
		      const struct vcpu_snapshot *end,
		      const struct vcpu_snapshot *now)
{
	begin->guest.halts += now->guest.halts - end->guest.halts;
	begin->guest.irqs += now->guest.irqs - end->guest.irqs;
	begin->guest.ipis += now->guest.ipis - end->guest.ipis;
	begin->guest.pio += now->guest.pio - end->guest.pio;
	begin->guest.mmio += now->guest.mmio - end->guest.mmio;
	begin->guest.msr += now->guest.msr - end->guest.msr;
	begin->guest.timers += now->guest.timers - end->guest.timers;
	begin->guest.eois += now->guest.eois - end->guest.eois;
	begin->user_exits += now->user_exits - end->user_exits;
	begin->asides += now->asides - end->asides;
	begin->nvcsw += now->nvcsw - end->nvcsw;
	begin->nivcsw += now->nivcsw - end->nivcsw;
	begin->minflt += now->minflt - end->minflt;
	begin->majflt += now->majflt - end->majflt;
	begin->tsc += now->tsc - end->tsc;
	begin->cpu_ns += now->cpu_ns - end->cpu_ns;
	begin->wait_ns += now->wait_ns - end->wait_ns;
	for (unsigned int i = 0; i < STATS_MAX; i++)
		begin->kvm.value[i] += now->kvm.value[i] - end->kvm.value[i];
}

/* One that has ended goes on: it is all of its parts. */
static void window_resume(struct vcpu *vcpu, struct window *w)
{
	struct vcpu_snapshot now;

	vcpu_snapshot(vcpu, &now, true);
	leave_out(&w->begin, &w->end, &now);
	/* That ended the part before; the last one's is counted in any case. */
	vcpu->asides++;
	w->ended = false;
}

static bool may_begin(const struct window *w)
{
	return !w->begun || (w->ended && !w->counts_msrs);
}

bool vcpu_window(struct vcpu *vcpu, uint32_t window, bool begin)
{
	struct window *w;

	if (window >= RESULT_MAX_WINDOWS)
		return false;
	w = &vcpu->windows[window];
	if (begin ? !may_begin(w) : !w->begun || w->ended)
		return false;
	if (begin && w->ended) {
		window_resume(vcpu, w);
	} else if (begin) {
		w->begun = true;
		read_noise(vcpu, window, true);
		if (counts_msrs(vcpu, window))
			begin_counting(vcpu, w);
		vcpu_snapshot(vcpu, &w->begin, true);
	} else {
		w->ended = true;
		if (w->counts_msrs && w->msr_error == 0)
			w->msr_error = msr_counters_stop(&vcpu->msr_counters,
							 &w->msrs);
		vcpu_snapshot(vcpu, &w->end, false);
		read_noise(vcpu, window, false);
	}
	return true;
}
