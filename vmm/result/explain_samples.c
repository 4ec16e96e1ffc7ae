/* SPDX-License-Identifier: BSD-2-Clause */
/* explain_samples.c - see explain_samples.h: ways and stages. */
#include <stdlib.h>

#include "vmm/base/room.h"
#include "vmm/result/explain_samples.h"
#include "vmm/result/explain_worst.h"
#include "vmm/result/witness.h"

static int by_value(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The value that a share of them, in 1/100, does not exceed. */
static uint64_t percentile(const uint64_t *sorted, size_t nr, unsigned int q)
{
	size_t rank = (nr * q + 99) / 100;

	return sorted[rank ? rank - 1 : 0];
}

/* Sorts them; nr: not 0. */
static struct explain_spread spread_of(uint64_t *values, size_t nr)
{
	struct explain_spread s = {.sum = 0};

	qsort(values, nr, sizeof(*values), by_value);
	for (size_t i = 0; i < nr; i++)
		s.sum += values[i];
	s.min = values[0];
	s.p50 = percentile(values, nr, 50);
	s.p90 = percentile(values, nr, 90);
	s.p99 = percentile(values, nr, 99);
	s.max = values[nr - 1];
	s.values = values_of(values, nr);
	return s;
}

/* Which boundaries most of a way's samples have; 0: there is no such sample. */
static uint32_t usual_mask(const struct explained *e, size_t nr,
			   enum span_path path, uint64_t *values)
{
	uint64_t best = 0;
	size_t n = 0, most = 0, same = 0;

	for (size_t i = 0; i < nr; i++)
		if (e[i].cut.path == path)
			values[n++] = e[i].cut.found;
	qsort(values, n, sizeof(*values), by_value);
	for (size_t i = 0; i < n; i++) {
		same = i && values[i] == values[i - 1] ? same + 1 : 1;
		if (same > most) {
			most = same;
			best = values[i];
		}
	}
	return (uint32_t)best;
}

static void fill_class(struct explain *x, struct explain_class *c,
		       const struct explained *e, size_t nr, uint32_t mask,
		       uint64_t *values)
{
	size_t n = 0;

	for (size_t i = 0; i < nr; i++) {
		if (e[i].cut.path != c->path)
			continue;
		if (e[i].cut.found == mask)
			values[n++] = e[i].span.end - e[i].span.begin;
		else
			c->others++;
	}
	c->nr = n;
	c->whole = spread_of(values, n);
	for (unsigned int k = 0; k < stages_nr(x->kind); k++) {
		struct explain_stage *s = &c->stages[c->nr_stages];

		if (!(mask & 1u << k))
			continue;
		n = 0;
		for (size_t i = 0; i < nr; i++)
			if (e[i].cut.path == c->path && e[i].cut.found == mask)
				values[n++] = explained_stage(&e[i], k);
		stage_name(x->kind, mask, k, s->name);
		s->first = stage_first(mask, k);
		s->last = k;
		s->spread = spread_of(values, n);
		c->nr_stages++;
	}
}

/* Those that were cut otherwise count for how common a way is. */
static int by_number(const void *a, const void *b)
{
	const struct explain_class *x = a, *y = b;
	uint64_t n = x->nr + x->others, m = y->nr + y->others;

	return (n < m) - (n > m);
}

void explain_sort_classes(struct explain *x)
{
	qsort(x->classes, x->nr_classes, sizeof(*x->classes), by_number);
}

static void fill_classes(struct explain *x, const struct explained *e,
			 size_t nr)
{
	uint64_t *values = room_for(nr, sizeof(*values), EXPLAIN_ROOM);

	for (unsigned int path = 0; path < NR_SPAN_PATHS; path++) {
		uint32_t mask = usual_mask(e, nr, (enum span_path)path, values);
		struct explain_class *c = &x->classes[x->nr_classes];

		if (mask == 0)
			continue;
		c->path = (enum span_path)path;
		fill_class(x, c, e, nr, mask, values);
		x->nr_classes++;
	}
	explain_sort_classes(x);
	free(values);
}

/* False: it came too early, and has no stages. */
static bool cut_one(struct explain *x, uint32_t vcpu, const struct raw_entry *s,
		    const struct trace_log *log, const struct span_host *host,
		    struct explained *e)
{
	struct span span = {.kind = x->kind,
			    .vcpu = vcpu,
			    .begin = s->tsc - (uint64_t)s->value,
			    .end = s->tsc};

	if (s->value <= 0)
		return false;
	e->span = span;
	span_cut(log, host, &span, &e->cut);
	x->nr_events += trace_log_find(log, span.end + 1) -
			trace_log_find(log, span.begin);
	return true;
}

static void take_median(struct explain *x, const struct explained *e, size_t nr)
{
	uint64_t *values = room_for(nr, sizeof(*values), EXPLAIN_ROOM);

	for (size_t i = 0; i < nr; i++)
		values[i] = e[i].span.end - e[i].span.begin;
	if (nr) {
		struct explain_spread s = spread_of(values, nr);

		x->traced_p50 = s.p50;
		x->traced = s.values;
	}
	free(values);
}

void explain_samples(struct explain *x, uint32_t vcpu,
		     const struct raw_entry *samples, size_t nr,
		     const struct trace_log *log, const struct span_host *host)
{
	struct explained *e = room_for(nr, sizeof(*e), EXPLAIN_ROOM);
	size_t n = 0;

	for (size_t i = 0; i < nr; i++)
		n += cut_one(x, vcpu, &samples[i], log, host, &e[n]);
	x->nr_traced = nr;
	take_median(x, e, n);
	fill_classes(x, e, n);
	explain_worst(x, e, n, log, host);
	explain_witness(x, e, n, log, host);
	free(e);
}
