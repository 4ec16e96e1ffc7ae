/* SPDX-License-Identifier: BSD-2-Clause */
/* read_metric.c - see read_parts.h: metrics, their windows, their histograms.
 */
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/result/metric_flags.h"
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

void read_counts(struct reader *rd, const json_t *o, const struct result *r,
		 struct result_counts *n, uint32_t *vcpu)
{
	*vcpu = (uint32_t)read_int(rd, o, "vcpu", 0, (int64_t)r->nr_vcpus - 1);
	n->tsc = read_count(rd, o, "duration_tsc");
	n->cpu_ns = read_count(rd, o, "cpu_ns");
	n->wait_ns = maybe_count(rd, o, "wait_ns");
	n->user_exits = read_count(rd, o, "exits_to_userspace") + 1;
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

static void read_window(struct reader *rd, const json_t *o, unsigned int metric,
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

static struct hist *read_totals(struct reader *rd, const json_t *o,
				const char *key)
{
	const json_t *totals = maybe_object(rd, o, key);
	struct hist *h;

	if (!totals)
		return NULL;
	h = calloc(1, sizeof(*h));
	if (!h)
		die_errno("no memory for a histogram");
	hist_init(h);
	h->count = read_u64(rd, totals, "count");
	h->out_of_range = read_u64(rd, totals, "out_of_range");
	h->sum = read_u64(rd, totals, "sum");
	if (h->count + h->out_of_range == 0)
		return h;
	h->min = read_u64(rd, totals, "min");
	h->max = read_u64(rd, totals, "max");
	return h;
}

/* [lowest value, width, count]: the bucket of that value, and no other. */
static void read_bucket(struct reader *rd, const json_t *b,
			const struct result_metric *m)
{
	int64_t low = json_integer_value(json_array_get(b, 0));
	int64_t width = json_integer_value(json_array_get(b, 1));
	uint64_t count = (uint64_t)json_integer_value(json_array_get(b, 2));
	struct hist *h = low < 0 ? m->early : m->hist;
	uint64_t value, i;

	if (json_array_size(b) != 3 || !h || width < 1 ||
	    width > 1ll << HIST_MAX_BITS || low < -(1ll << HIST_MAX_BITS) ||
	    low >= 1ll << HIST_MAX_BITS) {
		reader_fail(rd, "histogram", "has a bucket that cannot be");
		return;
	}
	value = (uint64_t)(low < 0 ? -(low + width - 1) : low);
	if (value >> HIST_MAX_BITS) {
		reader_fail(rd, "histogram", "has a bucket that cannot be");
		return;
	}
	i = hist_index(value);
	if (hist_bucket_low(i) != value ||
	    hist_bucket_width(i) != (uint64_t)width) {
		reader_fail(rd, "histogram", "has a bucket that cannot be");
		return;
	}
	h->bucket[i] = count;
}

static void read_worst(struct reader *rd, const json_t *a,
		       const struct result_metric *m)
{
	size_t i, nr_late = 0, nr_early = 0;
	const json_t *o;

	json_array_foreach (a, i, o) {
		int64_t value = take_cycles(rd, o, "worst");
		struct hist_worst w = {
			.value = (uint64_t)(value < 0 ? -value : value),
			.tsc = read_u64(rd, o, "tsc"),
		};

		if (value >= 0)
			m->hist->worst[nr_late++] = w;
		else if (m->early)
			m->early->worst[nr_early++] = w;
	}
}

static void read_histogram(struct reader *rd, const json_t *o,
			   struct result_metric *m)
{
	const json_t *a, *b;
	size_t i;

	m->hist = read_totals(rd, o, "totals");
	m->early = read_totals(rd, o, "early_totals");
	if (m->early && !m->hist) {
		reader_fail(rd, "early_totals", "wanted totals beside it");
		return;
	}
	if (!m->hist || !json_object_get(o, "histogram"))
		return;
	a = read_array(rd, o, "histogram", 2 * HIST_NR_BUCKETS);
	json_array_foreach (a, i, b)
		read_bucket(rd, b, m);
	read_worst(rd, read_array(rd, o, "worst", HIST_NR_WORST), m);
}

static uint32_t read_flags(struct reader *rd, const json_t *o)
{
	const json_t *a = read_array(rd, o, "flags", NR_METRIC_FLAGS), *value;
	uint32_t flags = METRIC_OPS(maybe_int(rd, o, "operations", 2, 65535));
	size_t i;

	json_array_foreach (a, i, value) {
		char name[16];
		uint32_t bit = 0;

		take_text(rd, value, "flags", name, sizeof(name));
		for (size_t k = 0; k < NR_METRIC_FLAGS; k++)
			if (strcmp(metric_flags[k].name, name) == 0)
				bit = metric_flags[k].bit;
		if (!bit)
			reader_fail(rd, "flags", "there is no flag '%s'", name);
		flags |= bit;
	}
	return flags;
}

static enum metric_status read_status(struct reader *rd, const json_t *o)
{
	char name[16];

	read_text(rd, o, "status", name, sizeof(name));
	for (int s = 0; s < NR_METRIC_STATUS; s++)
		if (strcmp(result_metric_status((enum metric_status)s), name) ==
		    0)
			return (enum metric_status)s;
	reader_fail(rd, "status",
		    "wanted done, skip, timeout or open, got '%s'", name);
	return METRIC_OPEN;
}

/* Another metric of the file. */
static const struct result_metric *read_other(struct reader *rd,
					      const json_t *o, const char *key,
					      const struct result *r)
{
	int64_t i;

	if (!json_object_get(o, key))
		return NULL;
	i = read_int(rd, o, key, 0, (int64_t)r->nr_metrics - 1);
	return &r->metrics[i];
}

static void read_metric(struct reader *rd, const json_t *o, unsigned int i,
			struct result *r)
{
	const json_t *a = read_array(rd, o, "windows", r->nr_vcpus), *w;
	struct result_metric *m = &r->metrics[i];
	size_t k;

	read_text(rd, o, "name", m->name, sizeof(m->name));
	maybe_text(rd, o, "reason", m->reason, sizeof(m->reason));
	m->status = read_status(rd, o);
	m->vcpu =
		(uint32_t)read_int(rd, o, "vcpu", 0, (int64_t)r->nr_vcpus - 1);
	m->flags = read_flags(rd, o);
	m->missed = read_u64(rd, o, "missed");
	m->asked = json_object_get(o, "asked") ? read_u64(rd, o, "asked") : 0;
	if (json_object_get(o, "must_sleep"))
		m->blocking = read_u64(rd, o, "must_sleep");
	m->base = read_other(rd, o, "compared_with", r);
	m->unit = read_other(rd, o, "by_itself", r);
	json_array_foreach (a, k, w)
		read_window(rd, w, i, r);
	m->window_index = i;
	m->window = result_window(r, i, m->vcpu);
	read_histogram(rd, o, m);
}

void read_metrics(struct reader *rd, const json_t *file, struct result *r)
{
	const json_t *a = read_array(rd, file, "metrics", RESULT_MAX_METRICS);
	const json_t *o;
	size_t i;

	r->nr_metrics = (unsigned int)json_array_size(a);
	json_array_foreach (a, i, o) {
		reader_at(rd, "metrics[", (unsigned int)i);
		read_metric(rd, o, (unsigned int)i, r);
	}
	reader_at(rd, NULL, 0);
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
