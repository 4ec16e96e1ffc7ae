/* SPDX-License-Identifier: BSD-2-Clause */
/* rounds_counts.c - see rounds_counts.h. */
#include <string.h>

#include "vmm/result/proof_take.h"
#include "vmm/result/rounds_counts.h"

void rounds_add_counts(struct result_counts *to,
		       const struct result_counts *from)
{
	to->tsc += from->tsc;
	to->cpu_ns += from->cpu_ns;
	to->wait_ns += from->wait_ns;
	to->user_exits += from->user_exits;
	to->asides += from->asides;
	to->nvcsw += from->nvcsw;
	to->nivcsw += from->nivcsw;
	to->minflt += from->minflt;
	to->majflt += from->majflt;
	to->migrated |= from->migrated;
	to->guest.halts += from->guest.halts;
	to->guest.irqs += from->guest.irqs;
	to->guest.ipis += from->guest.ipis;
	to->guest.pio += from->guest.pio;
	to->guest.mmio += from->guest.mmio;
	to->guest.msr += from->guest.msr;
	to->guest.timers += from->guest.timers;
	to->guest.eois += from->guest.eois;
	for (unsigned int i = 0; i < STATS_MAX; i++)
		to->kvm.value[i] += from->kvm.value[i];
}

static void add_source(struct result_noise *to, const struct irq_source *s)
{
	for (unsigned int i = 0; i < to->nr_sources; i++)
		if (strcmp(to->sources[i].name, s->name) == 0) {
			to->sources[i].count += s->count;
			return;
		}
	if (to->nr_sources < RESULT_IRQ_SOURCES)
		to->sources[to->nr_sources++] = *s;
}

void rounds_add_vcpus(struct result *all, const struct result *r)
{
	for (uint32_t v = 0; v < all->nr_vcpus; v++) {
		const struct result_vcpu *from = &r->vcpus[v];
		struct result_vcpu *to = &all->vcpus[v];
		struct result_noise *n = &to->noise;

		to->offset_known &= from->offset_known;
		to->orderly &= from->orderly;
		if (to->orderly)
			rounds_add_counts(&to->run, &from->run);
		if (from->was_stopped && !to->was_stopped) {
			to->was_stopped = true;
			to->halted = from->halted;
			to->stopped_at = from->stopped_at;
		}
		proof_add(&to->proof, &from->proof);
		n->known &= from->noise.known;
		n->irqs += from->noise.irqs;
		n->softirqs += from->noise.softirqs;
		n->smis += from->noise.smis;
		for (unsigned int i = 0; i < from->noise.nr_sources; i++)
			add_source(n, &from->noise.sources[i]);
	}
}

void rounds_add_checks(struct result *all, const struct result *r)
{
	for (unsigned int i = 0; i < r->nr_checks; i++) {
		const struct result_check *c = &r->checks[i];
		unsigned int k = 0;

		while (k < all->nr_checks &&
		       (strcmp(all->checks[k].what, c->what) != 0 ||
			all->checks[k].vcpu != c->vcpu ||
			all->checks[k].metric != c->metric))
			k++;
		if (k == RESULT_MAX_CHECKS)
			continue;
		if (k == all->nr_checks) {
			all->checks[all->nr_checks++] = *c;
			continue;
		}
		all->checks[k].guest += c->guest;
		all->checks[k].host += c->host;
		all->checks[k].required &= c->required;
	}
}
