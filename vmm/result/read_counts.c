/* SPDX-License-Identifier: BSD-2-Clause */
/* read_counts.c - see read_parts.h: what the host counted. */
#include "vmm/result/read_parts.h"

#define ERRNO_MAX 4095

static void read_guest(struct reader *rd, const json_t *o,
		       const struct result *r, struct vcpu_counts *c)
{
	const json_t *guest = read_object(rd, o, "guest");

	c->halts = read_u64(rd, guest, "halts");
	c->irqs = read_u64(rd, guest, "interrupts");
	c->ipis = read_u64(rd, guest, "ipis");
	c->pio = read_u64(rd, guest, "pio");
	c->mmio = read_u64(rd, guest, "mmio");
	c->msr = read_u64(rd, guest, "msr");
	if (!r->counts_msrs)
		return;
	c->timers = read_u64(rd, guest, "timers");
	c->eois = read_u64(rd, guest, "eois");
}

static void read_kvm(struct reader *rd, const json_t *o, const struct result *r,
		     struct stats *kvm)
{
	json_t *all = read_object(rd, o, "kvm");
	const char *name;
	json_t *value;

	json_object_foreach (all, name, value) {
		int i = result_stat(r, name);

		(void)value;
		if (i < 0)
			reader_fail(rd, "kvm",
				    "has a count that machine.kvm_statistics "
				    "has not");
		else
			kvm->value[i] = read_u64(rd, all, name);
	}
}

static void read_counts(struct reader *rd, const json_t *o,
			const struct result *r, struct result_counts *n,
			uint32_t *vcpu)
{
	*vcpu = (uint32_t)read_int(rd, o, "vcpu", 0, (int64_t)r->nr_vcpus - 1);
	n->tsc = read_count(rd, o, "duration_tsc");
	n->cpu_ns = read_count(rd, o, "cpu_ns");
	n->wait_ns = maybe_count(rd, o, "wait_ns");
	n->user_exits = read_count(rd, o, "exits_to_userspace") + 1;
	n->asides = maybe_count(rd, o, "exits_beside_samples");
	n->nvcsw = read_count(rd, o, "voluntary_switches");
	n->nivcsw = read_count(rd, o, "involuntary_switches");
	n->minflt = read_count(rd, o, "minor_faults");
	n->majflt = read_count(rd, o, "major_faults");
	n->migrated = read_bool(rd, o, "migrated");
	read_guest(rd, o, r, &n->guest);
	read_kvm(rd, o, r, &n->kvm);
}

static void read_noise(struct reader *rd, const json_t *o, unsigned int window,
		       struct result_noise *n)
{
	const json_t *a = read_array(rd, o, "sources", RESULT_IRQ_SOURCES), *s;
	size_t i;

	n->known = true;
	n->window = window;
	n->cpu = (int)read_int(rd, o, "cpu", -1, INT32_MAX);
	n->irqs_known = json_object_get(o, "interrupts") != NULL;
	n->irqs = maybe_count(rd, o, "interrupts");
	n->softirqs_known = json_object_get(o, "softirqs") != NULL;
	n->softirqs = maybe_count(rd, o, "softirqs");
	maybe_text(rd, o, "no_smis", n->no_smis, sizeof(n->no_smis));
	if (!n->no_smis[0])
		n->smis = read_count(rd, o, "smis");
	n->nr_sources = (unsigned int)json_array_size(a);
	json_array_foreach (a, i, s) {
		read_text(rd, s, "name", n->sources[i].name,
			  sizeof(n->sources[i].name));
		n->sources[i].count = read_count(rd, s, "count");
	}
}

void read_window(struct reader *rd, const json_t *o, unsigned int metric,
		 struct result *r)
{
	const json_t *msrs = maybe_object(rd, o, "kvm_msr_writes");
	const json_t *host = maybe_object(rd, o, "host");
	struct result_window w = {.ended = true};
	uint32_t vcpu;

	read_counts(rd, o, r, &w.counts, &vcpu);
	w.msr_error = (int)maybe_int(rd, o, "msr_error", -ERRNO_MAX, -1);
	w.counts_msrs = msrs || w.msr_error;
	if (msrs) {
		w.msrs.n[KIND_TIMER] = read_count(rd, msrs, "timer");
		w.msrs.n[KIND_ICR] = read_count(rd, msrs, "icr");
		w.msrs.n[KIND_EOI] = read_count(rd, msrs, "eoi");
	}
	if (host)
		read_noise(rd, host, metric, &r->vcpus[vcpu].noise);
	r->windows[(size_t)metric * r->nr_vcpus + vcpu] = w;
}

void read_whole_run(struct reader *rd, const json_t *file, struct result *r)
{
	const json_t *a = read_array(rd, file, "run", r->nr_vcpus), *o;
	size_t i;

	json_array_foreach (a, i, o) {
		struct result_counts n = {.tsc = 0};
		uint32_t vcpu;

		reader_at(rd, "run[", (unsigned int)i);
		read_counts(rd, o, r, &n, &vcpu);
		r->vcpus[vcpu].run = n;
		r->vcpus[vcpu].orderly = true;
	}
	reader_at(rd, NULL, 0);
}
