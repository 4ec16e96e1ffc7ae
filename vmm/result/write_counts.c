/* SPDX-License-Identifier: BSD-2-Clause */
/* write_counts.c - see write_parts.h: what the host counted, docs/results.md.
 */
#include "vmm/result/write_parts.h"

static json_t *guest_counts(const struct result *r, const struct vcpu_counts *c)
{
	json_t *o = json_object();

	set(o, "halts", number(c->halts));
	set(o, "interrupts", number(c->irqs));
	set(o, "ipis", number(c->ipis));
	set(o, "pio", number(c->pio));
	set(o, "mmio", number(c->mmio));
	set(o, "msr", number(c->msr));
	if (!r->counts_msrs)
		return o;
	set(o, "timers", number(c->timers));
	set(o, "eois", number(c->eois));
	return o;
}

/* A file may have said any clock: what is too long, is as long as can be. */
static uint64_t whole_ns(const struct result *r, uint64_t tsc)
{
	double ns = result_ns(r, (int64_t)tsc);

	return ns < (double)INT64_MAX ? (uint64_t)ns : INT64_MAX;
}

/* What one vCPU did between two moments. */
static json_t *counts(const struct result *r, uint32_t vcpu,
		      const struct result_counts *n)
{
	json_t *o = json_object(), *kvm = json_object();

	for (unsigned int i = 0; i < r->nr_stats; i++)
		if (n->kvm.value[i])
			set(kvm, r->stats[i], number(n->kvm.value[i]));
	set(o, "vcpu", number(vcpu));
	set(o, "duration_tsc", number(n->tsc));
	set(o, "duration_ns", number(whole_ns(r, n->tsc)));
	set(o, "cpu_ns", number(n->cpu_ns));
	if (r->vcpus[vcpu].has_wait && !result_insns(r))
		set(o, "wait_ns", number(n->wait_ns));
	/* The exit that ends it is not in it. */
	set(o, "exits_to_userspace", number(n->user_exits - 1));
	if (n->asides)
		set(o, "exits_beside_samples", number(n->asides));
	set(o, "voluntary_switches", number(n->nvcsw));
	set(o, "involuntary_switches", number(n->nivcsw));
	set(o, "minor_faults", number(n->minflt));
	set(o, "major_faults", number(n->majflt));
	set(o, "migrated", json_boolean(n->migrated));
	set(o, "guest", guest_counts(r, &n->guest));
	set(o, "kvm", kvm);
	return o;
}

static json_t *msr_writes(const struct msr_counts *c)
{
	json_t *o = json_object();

	set(o, "timer", number(c->n[KIND_TIMER]));
	set(o, "icr", number(c->n[KIND_ICR]));
	set(o, "eoi", number(c->n[KIND_EOI]));
	return o;
}

/* What the host did on that CPU meanwhile. */
static json_t *host_noise(const struct result_noise *n)
{
	json_t *o = json_object(), *sources = json_array();

	set(o, "cpu", json_integer(n->cpu));
	if (n->irqs_known)
		set(o, "interrupts", number(n->irqs));
	for (unsigned int i = 0; i < n->nr_sources; i++)
		json_array_append_new(
			sources,
			json_pack("{s:s, s:I}", "name", n->sources[i].name,
				  "count", (json_int_t)n->sources[i].count));
	set(o, "sources", sources);
	if (n->softirqs_known)
		set(o, "softirqs", number(n->softirqs));
	if (n->no_smis[0])
		set_text(o, "no_smis", n->no_smis);
	else
		set(o, "smis", number(n->smis));
	return o;
}

json_t *write_windows(const struct result *r, unsigned int index)
{
	json_t *a = json_array();

	for (uint32_t i = 0; i < r->nr_vcpus; i++) {
		const struct result_window *w = result_window(r, index, i);
		const struct result_noise *n = &r->vcpus[i].noise;
		json_t *o;

		if (!w)
			continue;
		o = counts(r, i, &w->counts);
		if (w->counts_msrs && w->msr_error == 0)
			set(o, "kvm_msr_writes", msr_writes(&w->msrs));
		else if (w->counts_msrs)
			set(o, "msr_error", json_integer(w->msr_error));
		if (n->known && n->window == index)
			set(o, "host", host_noise(n));
		json_array_append_new(a, o);
	}
	return a;
}

json_t *write_whole_run(const struct result *r)
{
	json_t *a = json_array();

	for (uint32_t i = 0; i < r->nr_vcpus; i++)
		if (r->vcpus[i].orderly)
			json_array_append_new(a,
					      counts(r, i, &r->vcpus[i].run));
	return a;
}
