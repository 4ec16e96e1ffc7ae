/* SPDX-License-Identifier: BSD-2-Clause */
/* take_vcpus.c - see take.h: what the host counted of each vCPU. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/text.h"
#include "vmm/host/topology.h"
#include "vmm/result/proof_take.h"
#include "vmm/result/take.h"
#include "vmm/statistics/hist_check.h"

static struct vcpu_counts guest_between(const struct vcpu_counts *a,
					const struct vcpu_counts *b)
{
	return (struct vcpu_counts){
		.halts = b->halts - a->halts,
		.irqs = b->irqs - a->irqs,
		.ipis = b->ipis - a->ipis,
		.pio = b->pio - a->pio,
		.mmio = b->mmio - a->mmio,
		.msr = b->msr - a->msr,
		.timers = b->timers - a->timers,
		.eois = b->eois - a->eois,
	};
}

/* nr_stats: of KVM's counts; 0 if some could not be read. */
static void take_counts(struct result_counts *to, uint32_t nr_stats,
			const struct vcpu_snapshot *a,
			const struct vcpu_snapshot *b)
{
	*to = (struct result_counts){
		.tsc = b->tsc - a->tsc,
		.cpu_ns = b->cpu_ns - a->cpu_ns,
		.wait_ns = b->wait_ns - a->wait_ns,
		.user_exits = b->user_exits - a->user_exits,
		.asides = b->asides - a->asides,
		.nvcsw = b->nvcsw - a->nvcsw,
		.nivcsw = b->nivcsw - a->nivcsw,
		.minflt = b->minflt - a->minflt,
		.majflt = b->majflt - a->majflt,
		.migrated = a->cpu != b->cpu,
		.guest = guest_between(&a->guest, &b->guest),
	};
	for (uint32_t i = 0; i < nr_stats; i++)
		to->kvm.value[i] = b->kvm.value[i] - a->kvm.value[i];
}

static void take_window(struct result_window *to, uint32_t nr_stats,
			const struct window *from)
{
	if (!from->ended)
		return;
	to->ended = true;
	take_counts(&to->counts, nr_stats, &from->begin, &from->end);
	to->counts_msrs = from->counts_msrs;
	to->msr_error = from->msr_error;
	to->msrs = from->msrs;
}

static void take_noise(struct result_noise *to, const struct noise *n)
{
	const struct noise_moment *a = &n->begin, *b = &n->end;

	*to = (struct result_noise){
		.known = true,
		.window = n->window,
		.cpu = n->cpu,
		.irqs_known = a->interrupts.known && b->interrupts.known,
		.softirqs_known = a->softirqs.known && b->softirqs.known,
	};
	if (to->irqs_known) {
		to->irqs = irq_counts_total(&a->interrupts, &b->interrupts);
		to->nr_sources =
			irq_counts_top(&a->interrupts, &b->interrupts,
				       to->sources, RESULT_IRQ_SOURCES);
	}
	if (to->softirqs_known)
		to->softirqs = irq_counts_total(&a->softirqs, &b->softirqs);
	if (a->no_smis || b->no_smis)
		snprintf(to->no_smis, sizeof(to->no_smis), "%s",
			 a->no_smis ? a->no_smis : b->no_smis);
	else
		to->smis = b->smis - a->smis;
}

/*
 * What KVM has come to by now: it adapts that time as timers expire
 * (adjust_lapic_timer_advance() in arch/x86/kvm/lapic.c).
 */
static int64_t timer_advance_ns(const struct vm *vm, uint32_t vcpu)
{
	char path[96];

	snprintf(path, sizeof(path),
		 "/sys/kernel/debug/kvm/%d-%d/vcpu%u/lapic_timer_advance_ns",
		 getpid(), vm->fd, vcpu);
	return host_number(path, -1);
}

/* What a guest counts of itself goes up, and not by more than it can do. */
static void check_guest(struct result *r, uint32_t vcpu, struct vcpu_counts *c)
{
	uint64_t n[sizeof(*c) / sizeof(uint64_t)];

	memcpy(n, c, sizeof(n));
	for (size_t i = 0; i < sizeof(n) / sizeof(*n); i++) {
		if (n[i] <= HIST_MOST)
			continue;
		result_verdict(r, VERDICT_ERROR,
			       "vCPU %u: its own counts cannot be, one went up "
			       "by %ju",
			       vcpu, (uintmax_t)n[i]);
		memset(c, 0, sizeof(*c));
		return;
	}
}

static void take_vcpu(struct result *r, const struct vm *vm, uint32_t i)
{
	const struct vcpu *v = &vm->vcpus[i];
	struct result_vcpu *to = &r->vcpus[i];
	uint32_t nr_stats = v->stats_err ? 0 : vm->stats.nr;

	*to = (struct result_vcpu){
		.host_cpu = vm->placement->cpu[i],
		.policy_known = true,
		.policy = placement_policy(&vm->config->placement, i),
		.offset_known = v->tsc_offset_known,
		.tsc_offset = v->tsc_offset,
		.advance_ns = timer_advance_ns(vm, i),
		.has_wait = v->schedstat_fd >= 0 && !v->wait_lost,
		.orderly = v->state == VCPU_PARKED || v->state == VCPU_DONE,
	};
	snprintf(to->to_vcpu0, sizeof(to->to_vcpu0), "%s",
		 topology_relation(TOPOLOGY_ROOT, vm->placement->cpu[0],
				   vm->placement->cpu[i]));
	if (v->stats_err)
		result_verdict(r, VERDICT_ERROR,
			       "vCPU %u: KVM's counts could not be read: %s", i,
			       strerror(-v->stats_err));
	if (to->orderly)
		take_counts(&to->run, nr_stats, &v->first, &v->last);
	check_guest(r, i, &to->run.guest);
	if (v->noise && v->noise->ended && v->noise->in_window)
		take_noise(&to->noise, v->noise);
	if (v->noise && v->noise->ended)
		proof_take(&to->proof, v->noise);
	for (unsigned int m = 0; m < RESULT_MAX_WINDOWS && v->windows; m++) {
		struct result_window *w =
			&r->windows[(size_t)m * r->nr_vcpus + i];

		take_window(w, nr_stats, &v->windows[m]);
		check_guest(r, i, &w->counts.guest);
	}
}

void take_vcpus(struct result *r, const struct vm *vm)
{
	result_make_vcpus(r, vm->nr_vcpus);
	r->nr_stats = vm->stats.nr;
	memcpy(r->stats, vm->stats.name, sizeof(r->stats));
	text_copy(r->no_msrs, sizeof(r->no_msrs), vm->msr_events.missing,
		  sizeof(vm->msr_events.missing));
	for (uint32_t i = 0; i < vm->nr_vcpus; i++)
		take_vcpu(r, vm, i);
}
