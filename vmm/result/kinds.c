/* SPDX-License-Identifier: BSD-2-Clause */
/* kinds.c - see kinds.h. */
#include <errno.h>
#include <string.h>

#include "vmm/result/kinds.h"

void result_kinds(const struct result *r, const struct result_metric *m,
		  struct result_kinds *k)
{
	int halts = result_stat(r, "halt_exits");

	memset(k, 0, sizeof(*k));
	for (uint32_t i = 0; i < r->nr_vcpus; i++) {
		const struct result_window *w =
			result_window(r, m->window_index, i);

		if (!w)
			continue;
		k->guest[KIND_TIMER] += w->counts.guest.timers;
		k->guest[KIND_ICR] += w->counts.guest.ipis;
		k->guest[KIND_HALT] += w->counts.guest.halts;
		k->guest[KIND_EOI] += w->counts.guest.eois;
		if (k->error == 0)
			k->error = w->msr_error;
		k->kvm[KIND_TIMER] += w->msrs.n[KIND_TIMER];
		k->kvm[KIND_ICR] += w->msrs.n[KIND_ICR];
		k->kvm[KIND_EOI] += w->msrs.n[KIND_EOI];
		if (halts >= 0)
			k->kvm[KIND_HALT] += w->counts.kvm.value[halts];
	}
}

const char *result_kinds_unknown(const struct result *r,
				 const struct result_kinds *k)
{
	if (k->error == 0)
		return NULL;
	if (*r->no_msrs)
		return r->no_msrs;
	if (k->error == -EACCES || k->error == -EPERM)
		return "perf_event_open(2) is refused: be root, or have "
		       "CAP_PERFMON";
	return strerror(-k->error);
}
