/* SPDX-License-Identifier: BSD-2-Clause */
/* explain_worst.c - see explain_worst.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/room.h"
#include "vmm/result/event_text.h"
#include "vmm/result/explain_worst.h"

/* Events before a sample above --break-at that are shown, of the last ones. */
#define BEFORE		 8
#define BEFORE_LOOKED_AT 256

/* What does not explain that share of a stage's excess is not its cause. */
#define CAUSE_SHARE 4

uint64_t explained_stage(const struct explained *e, unsigned int i)
{
	uint64_t before = e->span.begin;

	for (unsigned int k = 0; k < i; k++)
		if (e->cut.found & 1u << k)
			before = e->cut.at[k];
	return e->cut.at[i] - before;
}

/* The medians of a way's stages that have one of those parts. */
static uint64_t usual_on(const struct explain_class *c, unsigned int first,
			 unsigned int last)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < c->nr_stages; i++) {
		const struct explain_stage *s = &c->stages[i];

		if (s->first <= last && first <= s->last)
			sum += s->spread.p50;
	}
	return sum;
}

uint64_t explain_usual(const struct explain *x, unsigned int first,
		       unsigned int last)
{
	uint64_t least = UINT64_MAX;

	for (unsigned int k = 0; k < x->nr_classes; k++) {
		uint64_t on = usual_on(&x->classes[k], first, last);

		if (x->classes[k].nr_stages && on < least)
			least = on;
	}
	return least == UINT64_MAX ? 0 : least;
}

/* The boundary at whose end the stage is that is longest beyond its usual. */
static unsigned int find_excess(const struct explain *x,
				const struct explained *e,
				struct explain_worst *w)
{
	unsigned int longest = stages_nr(x->kind) - 1;

	for (unsigned int i = 0; i < stages_nr(x->kind); i++) {
		uint64_t took, often;

		if (!(e->cut.found & 1u << i))
			continue;
		took = explained_stage(e, i);
		often = explain_usual(x, stage_first(e->cut.found, i), i);
		if (took > often && took - often > w->excess) {
			w->excess = took - often;
			longest = i;
		}
	}
	stage_name(x->kind, e->cut.found, longest, w->stage);
	return longest;
}

static void find_cause(const struct explain *x, const struct explained *e,
		       unsigned int stage, const struct trace_log *log,
		       const struct span_host *host, struct explain_worst *w)
{
	struct cause_place place = {
		.vcpu = stage_is_target(x->kind, stage) ? e->cut.target
							: e->cut.sender,
		.begin = e->cut.at[stage] - explained_stage(e, stage),
		.end = e->cut.at[stage],
		.is_interrupt =
			stage_event(x->kind, stage) == TRACE_LOCAL_TIMER,
	};

	if (place.vcpu < 0)
		place.vcpu = (int)e->span.vcpu;
	place.cpu = host->cpu[place.vcpu];
	w->cause = cause_find(log, host, &place);
	if (w->cause.tsc < w->excess / CAUSE_SHARE)
		w->cause = (struct cause){.kind = CAUSE_NOTHING};
}

static void add_line(struct explain_worst *w, int64_t after, const char *who,
		     const char *what)
{
	struct explain_line *l = &w->lines[w->nr_lines];

	/* The last of them is the sample's end. */
	if (w->nr_lines == EXPLAIN_LINES)
		l--;
	if (w->nr_lines == EXPLAIN_LINES)
		w->more++;
	else
		w->nr_lines++;
	l->after = after;
	snprintf(l->who, sizeof(l->who), "%s", who);
	snprintf(l->what, sizeof(l->what), "%s", what);
}

static bool concerns(const struct trace_event *e, const struct explained *s,
		     const struct span_host *host)
{
	int sender = s->cut.sender, target = s->cut.target;

	return (target >= 0 && e->cpu == host->cpu[target]) ||
	       (sender >= 0 && e->cpu == host->cpu[sender]) ||
	       (s->span.kind == SPAN_PULSE && e->tid == host->main_tid);
}

/* From event i on, until the clock reads end. */
static void add_events(struct explain_worst *w, const struct explained *s,
		       const struct trace_log *log,
		       const struct span_host *host, size_t i, uint64_t end)
{
	char who[EXPLAIN_WHO_LEN], what[EXPLAIN_WHAT_LEN];

	for (; i < log->nr && log->events[i].tsc <= end; i++) {
		const struct trace_event *e = &log->events[i];

		if (!concerns(e, s, host))
			continue;
		event_runner(log, host, e->tid, e->cpu, i, who);
		event_text(log, host, i, what);
		add_line(w, (int64_t)(e->tsc - s->span.begin), who, what);
	}
}

/* The first of as many events before it as are shown, at most. */
static size_t find_before(const struct explained *s,
			  const struct trace_log *log,
			  const struct span_host *host, size_t i)
{
	unsigned int nr = 0;

	for (unsigned int n = 0; i && n < BEFORE_LOOKED_AT && nr < BEFORE; n++)
		nr += concerns(&log->events[--i], s, host);
	return i;
}

static void add_lines(const struct explain *x, struct explain_worst *w,
		      const struct explained *s, const struct trace_log *log,
		      const struct span_host *host)
{
	size_t first = trace_log_find(log, s->span.begin);

	if (x->watched && s->span.begin)
		add_events(w, s, log, host, find_before(s, log, host, first),
			   s->span.begin - 1);
	add_line(w, 0, "guest",
		 s->span.kind == SPAN_TIMER ? "the timer is due"
					    : "first clock read");
	add_events(w, s, log, host, first, s->span.end);
	add_line(w, (int64_t)(s->span.end - s->span.begin), "guest",
		 "last clock read");
}

/* A sample's place among all of them. */
struct ranked {
	uint64_t len;
	const struct explained *e;
};

static int worst_first(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return (x->len < y->len) - (x->len > y->len);
}

static int often_first(const void *a, const void *b)
{
	const struct explain_tally *x = a, *y = b;

	return (x->nr < y->nr) - (x->nr > y->nr);
}

/* A page fault is one, wherever it is. */
static bool is_same(const struct cause *a, const struct cause *b)
{
	return a->kind == b->kind &&
	       (a->kind == CAUSE_PAGE_FAULT || strcmp(a->name, b->name) == 0);
}

static void count_cause(struct explain *x, const struct cause *c)
{
	struct explain_tally *t = x->tally, *end = t + x->nr_tally;

	while (t < end && !is_same(&t->cause, c))
		t++;
	if (t == end) {
		*t = (struct explain_tally){.cause = *c};
		x->nr_tally++;
	} else if (c->tsc > t->cause.tsc) {
		t->cause.tsc = c->tsc;
	}
	if (strcmp(t->cause.name, c->name) != 0)
		t->cause.name[0] = '\0';
	t->nr++;
}

void explain_tally(struct explain *x)
{
	x->nr_tally = 0;
	for (unsigned int i = 0; i < x->nr_worst; i++)
		count_cause(x, &x->worst[i].cause);
	qsort(x->tally, x->nr_tally, sizeof(*x->tally), often_first);
}

void explain_worst(struct explain *x, const struct explained *e, size_t nr,
		   const struct trace_log *log, const struct span_host *host)
{
	struct ranked *order = room_for(nr, sizeof(*order), EXPLAIN_ROOM);

	for (size_t i = 0; i < nr; i++)
		order[i] = (struct ranked){
			.len = e[i].span.end - e[i].span.begin, .e = &e[i]};
	qsort(order, nr, sizeof(*order), worst_first);
	for (; x->nr_worst < EXPLAIN_WORST && x->nr_worst < nr; x->nr_worst++) {
		const struct explained *s = order[x->nr_worst].e;
		struct explain_worst *w = &x->worst[x->nr_worst];

		w->value = s->span.end - s->span.begin;
		w->tsc = s->span.end;
		w->path = s->cut.path;
		find_cause(x, s, find_excess(x, s, w), log, host, w);
		add_lines(x, w, s, log, host);
	}
	explain_tally(x);
	free(order);
}
