/* SPDX-License-Identifier: BSD-2-Clause */
/* json_metric.c - the metrics of the result file, docs/results.md. */
#include "vmm/machine/vcpu.h"
#include "vmm/report/json.h"
#include "vmm/statistics/dist.h"

/* The bounds that there are; NULL: none. */
static json_t *interval(const struct result *r,
			const struct analysis_quantile *q)
{
	json_t *o;

	if (!q->has_low && !q->has_high)
		return NULL;
	o = json_object();
	if (q->has_low)
		set(o, "low", time_value(r, q->low));
	if (q->has_high)
		set(o, "high", time_value(r, q->high));
	return o;
}

static json_t *percentiles(const struct result *r, const struct analysis *a)
{
	json_t *o = json_object();

	for (int i = 0; i < NR_REPORT_QUANTILES; i++) {
		json_t *percentile, *ci95;

		if (!a->quantile[i].supported)
			continue;
		percentile = time_value(r, a->quantile[i].value);
		ci95 = interval(r, &a->quantile[i]);
		if (ci95)
			set(percentile, "ci95", ci95);
		set(o, report_quantiles[i].name, percentile);
	}
	return o;
}

static json_t *tail(const struct result *r, const struct tail *t)
{
	json_t *o = json_object();

	set(o, "estimate", json_boolean(!t->refused));
	if (t->refused) {
		set_text(o, "refused", t->refused);
		return o;
	}
	set(o, "one_in", json_real(t->one_in));
	set(o, "level", real_time(r, t->level));
	set(o, "ci95",
	    json_pack("{s:o, s:o}", "low", real_time(r, t->low), "high",
		      real_time(r, t->high)));
	set(o, "shape", json_real(t->shape));
	set(o, "scale", real_time(r, t->scale));
	set(o, "threshold", real_time(r, t->threshold));
	set(o, "exceedances", number(t->nr));
	set(o, "p_value", json_real(t->p_value));
	return o;
}

static json_t *worst(const struct result *r, const struct dist *d)
{
	struct dist_worst list[2 * HIST_NR_WORST];
	unsigned int nr = dist_worst(d, list);
	json_t *a = json_array();

	for (unsigned int i = 0; i < nr && i < HIST_NR_WORST; i++) {
		json_t *o = time_value(r, list[i].value);

		set(o, "tsc", number(list[i].tsc));
		json_array_append_new(a, o);
	}
	return a;
}

/* [lowest value, width, count] of every bucket that is not empty. */
static void append_buckets(json_t *a, const struct hist *h, bool negative)
{
	for (unsigned int n = 0; n < HIST_NR_BUCKETS; n++) {
		unsigned int i = negative ? HIST_NR_BUCKETS - 1 - n : n;
		int64_t low = (int64_t)hist_bucket_low(i);
		int64_t width = (int64_t)hist_bucket_width(i);

		if (h->bucket[i])
			json_array_append_new(
				a,
				json_pack(
					"[I, I, I]",
					(json_int_t)(negative ? -low - width + 1
							      : low),
					(json_int_t)width,
					(json_int_t)h->bucket[i]));
	}
}

json_t *json_histogram(const struct dist *d)
{
	json_t *a = json_array();

	if (d->early)
		append_buckets(a, d->early, true);
	append_buckets(a, d->late, false);
	return a;
}

static json_t *guest_counts(const struct result *r, const struct vcpu_counts *a,
			    const struct vcpu_counts *b)
{
	json_t *o = json_object();

	set(o, "halts", number(b->halts - a->halts));
	set(o, "interrupts", number(b->irqs - a->irqs));
	set(o, "ipis", number(b->ipis - a->ipis));
	set(o, "pio", number(b->pio - a->pio));
	set(o, "mmio", number(b->mmio - a->mmio));
	set(o, "msr", number(b->msr - a->msr));
	if (!(r->setup->image.note.flags & PAYLOAD_COUNTS_MSRS))
		return o;
	set(o, "timers", number(b->timers - a->timers));
	set(o, "eois", number(b->eois - a->eois));
	return o;
}

/* What one vCPU did between two snapshots. */
static json_t *counts(const struct result *r, const struct vcpu *v,
		      const struct vcpu_snapshot *a,
		      const struct vcpu_snapshot *b)
{
	json_t *o = json_object(), *kvm = json_object();

	for (uint32_t i = 0; i < r->vm->stats.nr; i++)
		if (b->kvm.value[i] != a->kvm.value[i])
			set(kvm, r->vm->stats.name[i],
			    number(b->kvm.value[i] - a->kvm.value[i]));
	set(o, "vcpu", number(v->index));
	set(o, "duration_ns",
	    number((uint64_t)result_ns(r, (int64_t)(b->tsc - a->tsc))));
	set(o, "cpu_ns", number(b->cpu_ns - a->cpu_ns));
	if (v->schedstat_fd >= 0 && !result_insns(r))
		set(o, "wait_ns", number(b->wait_ns - a->wait_ns));
	/* The exit that ends it is not in it. */
	set(o, "exits_to_userspace", number(b->user_exits - a->user_exits - 1));
	set(o, "voluntary_switches", number(b->nvcsw - a->nvcsw));
	set(o, "involuntary_switches", number(b->nivcsw - a->nivcsw));
	set(o, "minor_faults", number(b->minflt - a->minflt));
	set(o, "major_faults", number(b->majflt - a->majflt));
	set(o, "migrated", json_boolean(a->cpu != b->cpu));
	set(o, "guest", guest_counts(r, &a->guest, &b->guest));
	set(o, "kvm", kvm);
	return o;
}

static json_t *msr_writes(const struct msr_counts *c)
{
	json_t *o = json_object();

	set(o, "timer", number(c->n[MSR_KIND_TIMER]));
	set(o, "icr", number(c->n[MSR_KIND_ICR]));
	set(o, "eoi", number(c->n[MSR_KIND_EOI]));
	return o;
}

/* What the host did on that CPU meanwhile. */
static json_t *host_noise(const struct noise *n)
{
	json_t *o = json_object(), *sources = json_array();
	const struct irq_counts *from = &n->begin.interrupts;
	const struct irq_counts *to = &n->end.interrupts;
	struct irq_source top[REPORT_IRQ_SOURCES];
	unsigned int nr = irq_counts_top(from, to, top, REPORT_IRQ_SOURCES);

	set(o, "cpu", json_integer(n->cpu));
	if (from->known && to->known) {
		set(o, "interrupts", number(irq_counts_total(from, to)));
		for (unsigned int i = 0; i < nr; i++)
			json_array_append_new(
				sources,
				json_pack("{s:s, s:I}", "name", top[i].name,
					  "count", (json_int_t)top[i].count));
	}
	set(o, "sources", sources);
	if (n->begin.softirqs.known && n->end.softirqs.known)
		set(o, "softirqs",
		    number(irq_counts_total(&n->begin.softirqs,
					    &n->end.softirqs)));
	if (n->end.no_smis)
		set_text(o, "no_smis", n->end.no_smis);
	else
		set(o, "smis", number(n->end.smis - n->begin.smis));
	return o;
}

static json_t *windows(const struct result *r, unsigned int index)
{
	json_t *a = json_array();

	for (uint32_t i = 0; i < r->vm->nr_vcpus; i++) {
		const struct vcpu *v = &r->vm->vcpus[i];
		const struct window *w = &v->windows[index];
		json_t *o;

		if (!w->ended)
			continue;
		o = counts(r, v, &w->begin, &w->end);
		if (w->counts_msrs && w->msr_error == 0)
			set(o, "kvm_msr_writes", msr_writes(&w->msrs));
		if (v->noise && v->noise->ended && v->noise->window == index)
			set(o, "host", host_noise(v->noise));
		json_array_append_new(a, o);
	}
	return a;
}

json_t *json_whole_run(const struct result *r)
{
	json_t *a = json_array();

	for (uint32_t i = 0; i < r->vm->nr_vcpus; i++) {
		const struct vcpu *v = &r->vm->vcpus[i];

		if (v->state == VCPU_PARKED || v->state == VCPU_DONE)
			json_array_append_new(
				a, counts(r, v, &v->first, &v->last));
	}
	return a;
}

static void set_gain(json_t *o, const struct result *r,
		     const struct result_metric *m)
{
	struct result_gain g;
	json_t *gain;

	if (!result_gain(m, &g))
		return;
	gain = time_value(r, g.gain);
	set_text(gain, "base", m->base->name);
	set(gain, "low", time_value(r, g.low));
	set(gain, "high", time_value(r, g.high));
	if (g.unit)
		set(gain, "by_itself", time_value(r, g.unit));
	set_text(gain, "judged", g.judged);
	set(o, "gain", gain);
}

static void set_counted(json_t *o, const struct result *r,
			const struct result_metric *m)
{
	struct result_kinds k;

	if (!(m->flags & METRIC_COUNTED))
		return;
	result_kinds(r, m, &k);
	set(o, "counted", json_true());
	if (k.error)
		set_text(o, "kvm_count_missing", result_kinds_unknown(r, &k));
}

static json_t *vcpus(uint64_t set)
{
	json_t *a = json_array();

	for (unsigned int i = 0; i < MAX_VCPUS; i++)
		if (set >> i & 1)
			json_array_append_new(a, number(i));
	return a;
}

json_t *json_metric(const struct result *r, const struct result_metric *m)
{
	json_t *o = json_object();
	struct dist d = metric_dist(m);
	const struct analysis *a = &m->analysis;

	set_text(o, "name", m->name);
	if (m->vcpu_set)
		set(o, "vcpus", vcpus(m->vcpu_set));
	else
		set(o, "vcpu", number(m->vcpu));
	set_text(o, "status", report_status(m->status));
	if (m->reason[0])
		set_text(o, "reason", m->reason);
	set(o, "samples", number(a->count));
	if (m->asked)
		set(o, "asked", number(m->asked));
	if (m->early)
		set(o, "early", number(m->early->count));
	set(o, "missed", number(m->missed));
	if (m->flags & METRIC_DISTURBED)
		set(o, "disturbed_on_purpose", json_true());
	set(o, "out_of_range", number(a->out_of_range));
	if (METRIC_NR_OPS(m->flags) > 1)
		set(o, "operations", number(METRIC_NR_OPS(m->flags)));
	if (m->flags & METRIC_GAPS && m->hist)
		set(o, "stolen", time_value(r, (int64_t)m->hist->sum));
	if (!m->vcpu_set)
		set(o, "windows", windows(r, m->window_index));
	set_counted(o, r, m);
	set_gain(o, r, m);
	if (a->count == 0)
		return o;
	set(o, "min", time_value(r, a->min));
	set(o, "max", time_value(r, a->max));
	set(o, "mean", real_time(r, a->mean));
	set(o, "percentiles", percentiles(r, a));
	if (m->has_tail)
		set(o, "tail", tail(r, &m->tail));
	set(o, "worst", worst(r, &d));
	set(o, "histogram", json_histogram(&d));
	return o;
}
