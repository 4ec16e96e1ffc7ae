/* SPDX-License-Identifier: BSD-2-Clause */
/* explain_pool.c - see explain_pool.h. */
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/base/room.h"
#include "vmm/result/explain_pool.h"
#include "vmm/result/explain_samples.h"
#include "vmm/result/explain_worst.h"

/*
 * All that rounds had as the usual boundaries of a way: which of them are in
 * the table is known after the last round.
 */
struct explain_pool {
	unsigned int nr;
	struct explain_class *classes; /* nr: of a way and boundaries each */
	uint64_t others[NR_SPAN_PATHS];
};

static void free_class(struct explain_class *c)
{
	values_free(&c->whole.values);
	for (unsigned int i = 0; i < c->nr_stages; i++)
		values_free(&c->stages[i].spread.values);
}

static void free_pool(struct explain_pool *p)
{
	for (unsigned int i = 0; p && i < p->nr; i++)
		free_class(&p->classes[i]);
	if (p)
		free(p->classes);
	free(p);
}

void explain_free(struct explain *x)
{
	for (unsigned int i = 0; i < x->nr_classes; i++)
		free_class(&x->classes[i]);
	values_free(&x->traced);
	free_pool(x->pool);
	x->pool = NULL;
}

void trace_free(struct result_trace *t)
{
	for (unsigned int i = 0; i < t->nr; i++)
		explain_free(&t->list[i]);
	free(t->list);
	t->list = NULL;
	t->nr = 0;
}

static uint32_t boundaries(const struct explain_class *c)
{
	uint32_t mask = 0;

	for (unsigned int i = 0; i < c->nr_stages; i++)
		mask |= 1u << c->stages[i].last;
	return mask;
}

/* One without samples yet, of the way and the boundaries of like. */
static struct explain_class *new_class(struct explain_pool *p,
				       const struct explain_class *like)
{
	struct explain_class *list =
		room_for(p->nr + 1, sizeof(*list), EXPLAIN_ROOM);
	struct explain_class *c = &list[p->nr];

	if (p->nr)
		memcpy(list, p->classes, p->nr * sizeof(*list));
	*c = *like;
	c->nr = c->others = 0;
	c->whole = (struct explain_spread){.min = UINT64_MAX};
	for (unsigned int i = 0; i < c->nr_stages; i++)
		c->stages[i].spread = c->whole;
	free(p->classes);
	p->classes = list;
	p->nr++;
	return c;
}

static struct explain_class *find_class(struct explain_pool *p,
					const struct explain_class *like)
{
	for (unsigned int i = 0; i < p->nr; i++)
		if (p->classes[i].path == like->path &&
		    boundaries(&p->classes[i]) == boundaries(like))
			return &p->classes[i];
	return new_class(p, like);
}

static void add_spread(struct explain_spread *to,
		       const struct explain_spread *from)
{
	if (from->min < to->min)
		to->min = from->min;
	if (from->max > to->max)
		to->max = from->max;
	to->sum += from->sum;
	values_add(&to->values, &from->values);
}

static void add_class(struct explain_pool *p, const struct explain_class *from)
{
	struct explain_class *to = find_class(p, from);

	to->nr += from->nr;
	p->others[from->path] += from->others;
	add_spread(&to->whole, &from->whole);
	for (unsigned int i = 0; i < to->nr_stages; i++)
		add_spread(&to->stages[i].spread, &from->stages[i].spread);
}

/* Whichever was added first. */
static bool is_worse(const struct explain_worst *a,
		     const struct explain_worst *b)
{
	return a->value != b->value ? a->value > b->value : a->tsc < b->tsc;
}

static void add_worst(struct explain *to, const struct explain_worst *from,
		      unsigned int round)
{
	unsigned int i = to->nr_worst;

	while (i > 0 && is_worse(from, &to->worst[i - 1]))
		i--;
	if (i == EXPLAIN_WORST)
		return;
	if (to->nr_worst < EXPLAIN_WORST)
		to->nr_worst++;
	memmove(&to->worst[i + 1], &to->worst[i],
		(to->nr_worst - i - 1) * sizeof(*from));
	to->worst[i] = *from;
	to->worst[i].round = round;
}

static void pool(struct explain *to, const struct explain *from,
		 unsigned int round)
{
	to->nr_rounds++;
	to->priced |= from->nr_plain == 0;
	to->nr_plain += from->nr_plain;
	to->nr_traced += from->nr_traced;
	to->nr_neither += from->nr_neither;
	to->nr_events += from->nr_events;
	to->nr_witnessed += from->nr_witnessed;
	to->nr_odd += from->nr_odd;
	values_add(&to->traced, &from->traced);
	for (unsigned int i = 0; i < from->nr_classes; i++)
		add_class(to->pool, &from->classes[i]);
	for (unsigned int i = 0; i < from->nr_worst; i++)
		add_worst(to, &from->worst[i], round);
}

static struct explain *find(const struct result_trace *t, unsigned int metric)
{
	for (unsigned int i = 0; i < t->nr; i++)
		if (t->list[i].metric == metric)
			return &t->list[i];
	return NULL;
}

static struct explain *make(struct result_trace *t, unsigned int metric,
			    enum span_kind kind)
{
	struct explain *x;

	t->list = reallocarray(t->list, t->nr + 1, sizeof(*t->list));
	if (!t->list)
		die_errno("no memory " EXPLAIN_ROOM);
	x = &t->list[t->nr++];
	*x = (struct explain){.metric = metric, .kind = kind};
	x->pool = room_for(1, sizeof(*x->pool), EXPLAIN_ROOM);
	return x;
}

bool trace_pool_metric(struct result_trace *to, unsigned int metric,
		       const struct result_trace *from,
		       unsigned int from_metric, unsigned int round)
{
	const struct explain *x = find(from, from_metric);
	struct explain *all = find(to, metric);

	if (!x)
		return true;
	if (!all)
		all = make(to, metric, x->kind);
	if (all->kind != x->kind)
		return false;
	pool(all, x, round);
	return true;
}

/* The largest is known exactly. */
static uint64_t percentile(const struct explain_spread *s, unsigned int percent)
{
	uint64_t rank = values_rank(&s->values, percent);
	uint64_t value = values_at(&s->values, rank);

	if (value > s->max || rank == s->values.count)
		return s->max;
	return value < s->min ? s->min : value;
}

static void settle_spread(struct explain_spread *s)
{
	s->p50 = percentile(s, 50);
	s->p90 = percentile(s, 90);
	s->p99 = percentile(s, 99);
}

/* The class of a way that has most samples; NULL: none has that way. */
static struct explain_class *commonest(const struct explain_pool *p,
				       unsigned int path)
{
	struct explain_class *best = NULL;

	for (unsigned int i = 0; i < p->nr; i++) {
		struct explain_class *c = &p->classes[i];

		if (c->path == path &&
		    (!best || c->nr > best->nr ||
		     (c->nr == best->nr && boundaries(c) < boundaries(best))))
			best = c;
	}
	return best;
}

static void settle_path(struct explain *x, unsigned int path)
{
	struct explain_class *best = commonest(x->pool, path), *c;

	if (!best)
		return;
	c = &x->classes[x->nr_classes++];
	*c = *best;
	best->nr_stages = 0; /* its values are the other's now */
	best->whole.values = (struct values){.nr = 0};
	c->others = x->pool->others[path];
	for (unsigned int i = 0; i < x->pool->nr; i++)
		if (x->pool->classes[i].path == path &&
		    &x->pool->classes[i] != best)
			c->others += x->pool->classes[i].nr;
	settle_spread(&c->whole);
	for (unsigned int i = 0; i < c->nr_stages; i++)
		settle_spread(&c->stages[i].spread);
}

static int by_metric(const void *a, const void *b)
{
	const struct explain *x = a, *y = b;

	return (x->metric > y->metric) - (x->metric < y->metric);
}

void trace_pool_end(struct result_trace *t)
{
	for (unsigned int i = 0; i < t->nr; i++) {
		struct explain *x = &t->list[i];

		for (unsigned int path = 0; path < NR_SPAN_PATHS; path++)
			settle_path(x, path);
		explain_sort_classes(x);
		explain_tally(x);
		x->traced_p50 =
			values_at(&x->traced, values_rank(&x->traced, 50));
		free_pool(x->pool);
		x->pool = NULL;
	}
	if (t->nr)
		qsort(t->list, t->nr, sizeof(*t->list), by_metric);
}
