/* SPDX-License-Identifier: BSD-2-Clause */
/* kinds.c - see kinds.h. */
#include <errno.h>
#include <string.h>

#include "vmm/result/kinds.h"

void result_kinds(const struct result *r, const struct result_metric *m,
		  struct result_kinds *k)
{
	int halts = stats_find(&r->vm->stats, "halt_exits");

	memset(k, 0, sizeof(*k));
	for (uint32_t i = 0; i < r->vm->nr_vcpus; i++) {
		const struct window *w =
			&r->vm->vcpus[i].windows[m->window_index];
		const struct vcpu_counts *from = &w->begin.guest;
		const struct vcpu_counts *to = &w->end.guest;

		if (!w->ended)
			continue;
		k->guest[KIND_TIMER] += to->timers - from->timers;
		k->guest[KIND_ICR] += to->ipis - from->ipis;
		k->guest[KIND_HALT] += to->halts - from->halts;
		k->guest[KIND_EOI] += to->eois - from->eois;
		if (k->error == 0)
			k->error = w->msr_error;
		k->kvm[KIND_TIMER] += w->msrs.n[MSR_KIND_TIMER];
		k->kvm[KIND_ICR] += w->msrs.n[MSR_KIND_ICR];
		k->kvm[KIND_EOI] += w->msrs.n[MSR_KIND_EOI];
		if (halts >= 0)
			k->kvm[KIND_HALT] += w->end.kvm.value[halts] -
					     w->begin.kvm.value[halts];
	}
}

const char *result_kinds_unknown(const struct result *r,
				 const struct result_kinds *k)
{
	if (k->error == 0)
		return NULL;
	if (*r->vm->msr_events.missing)
		return r->vm->msr_events.missing;
	if (k->error == -EACCES || k->error == -EPERM)
		return "perf_event_open(2) is refused: be root, or have "
		       "CAP_PERFMON";
	return strerror(-k->error);
}
