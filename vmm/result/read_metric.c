/* SPDX-License-Identifier: BSD-2-Clause */
/* read_metric.c - see read_parts.h: metrics, their windows, their histograms.
 */
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/result/metric_flags.h"
#include "vmm/result/read_parts.h"
#include "vmm/statistics/hist_check.h"

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
	if ((h->count | h->out_of_range) == 0)
		return h;
	h->min = read_u64(rd, totals, "min");
	h->max = read_u64(rd, totals, "max");
	return h;
}

/* Where the buckets of a histogram belong; NULL: there are none such. */
struct dist_hists {
	struct hist *late, *early;
};

/* [lowest value, width, count]: the bucket of that value, and no other. */
static void read_bucket(struct reader *rd, const json_t *b,
			const struct dist_hists *to)
{
	int64_t low = json_integer_value(json_array_get(b, 0));
	int64_t width = json_integer_value(json_array_get(b, 1));
	uint64_t count = (uint64_t)json_integer_value(json_array_get(b, 2));
	struct hist *h = low < 0 ? to->early : to->late;
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

static void read_buckets(struct reader *rd, const json_t *o, const char *key,
			 const struct dist_hists *to)
{
	const json_t *a = read_array(rd, o, key, (size_t)2 * HIST_NR_BUCKETS);
	const json_t *b;
	size_t i;

	json_array_foreach (a, i, b)
		read_bucket(rd, b, to);
}

/* What figures are made of must be possible: a guest's was checked, too. */
static void must_be(struct reader *rd, const char *key, const struct hist *h)
{
	const char *wrong = h && !rd->failed ? hist_wrong(h) : NULL;

	if (wrong)
		reader_fail(rd, key, "its histogram %s", wrong);
}

static void read_unmet(struct reader *rd, const json_t *o,
		       struct result_metric *m)
{
	struct dist_hists to;

	m->unmet = read_totals(rd, o, "unmet_totals");
	to = (struct dist_hists){.late = m->unmet};
	if (m->unmet)
		read_buckets(rd, o, "unmet_histogram", &to);
	must_be(rd, "unmet_totals", m->unmet);
}

static void read_histogram(struct reader *rd, const json_t *o,
			   struct result_metric *m)
{
	struct dist_hists to;

	m->hist = read_totals(rd, o, "totals");
	m->early = read_totals(rd, o, "early_totals");
	if (m->early && !m->hist) {
		reader_fail(rd, "early_totals", "wanted totals beside it");
		return;
	}
	to = (struct dist_hists){.late = m->hist, .early = m->early};
	if (m->hist && json_object_get(o, "histogram")) {
		read_buckets(rd, o, "histogram", &to);
		read_worst(rd, read_array(rd, o, "worst", HIST_NR_WORST), m);
	}
	must_be(rd, "totals", m->hist);
	must_be(rd, "early_totals", m->early);
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
	m->missed = read_count(rd, o, "missed");
	m->left_out = maybe_count(rd, o, "left_out");
	m->asked = maybe_count(rd, o, "asked");
	if (json_object_get(o, "blind"))
		m->blind = (uint64_t)take_cycles(
			rd, json_object_get(o, "blind"), "blind");
	m->blocking = maybe_count(rd, o, "must_sleep");
	m->base = read_other(rd, o, "compared_with", r);
	m->unit = read_other(rd, o, "by_itself", r);
	m->gain = read_other(rd, o, "differences", r);
	m->whole = read_other(rd, o, "part_of", r);
	json_array_foreach (a, k, w)
		read_window(rd, w, i, r);
	m->window_index = i;
	m->window = result_window(r, i, m->vcpu);
	read_histogram(rd, o, m);
	read_unmet(rd, o, m);
	read_phases(rd, o, m);
	read_series(rd, o, m);
	read_rounds(rd, o, m);
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
