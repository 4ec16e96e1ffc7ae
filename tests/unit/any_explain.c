/* SPDX-License-Identifier: BSD-2-Clause */
/* any_explain.c - generated findings of --explain; see any_result.h. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/any.h"
#include "tests/unit/unit.h"

static struct explain_spread any_spread(uint64_t *s)
{
	struct explain_spread to = {.min = any(s, 1000)};

	to.p50 = to.min + any(s, 1000);
	to.p90 = to.p50 + any(s, 1000);
	to.p99 = to.p90 + any(s, 1000);
	to.max = to.p99 + any(s, 1ull << 40);
	to.sum = to.max + any(s, 1ull << 50);
	return to;
}

static void any_class(uint64_t *s, enum span_kind kind, struct explain_class *c)
{
	unsigned int nr = stages_nr(kind);
	uint32_t mask = (uint32_t)any(s, 1ull << nr) | 1u << (nr - 1);

	c->path = (enum span_path)any(s, NR_SPAN_PATHS);
	c->nr = 1 + any(s, 1000);
	c->others = any(s, 3);
	c->whole = any_spread(s);
	for (unsigned int i = 0; i < nr; i++) {
		if (!(mask & 1u << i))
			continue;
		stage_name(kind, mask, i, c->stages[c->nr_stages].name);
		c->stages[c->nr_stages++].spread = any_spread(s);
	}
}

static struct cause any_cause(uint64_t *s)
{
	struct cause c = {.kind = (enum cause_kind)any(s, NR_CAUSES),
			  .tsc = any(s, 1ull << 40)};

	any_text(s, c.name, sizeof(c.name));
	return c;
}

static void any_worst(uint64_t *s, enum span_kind kind, unsigned int nr_rounds,
		      struct explain_worst *w)
{
	unsigned int nr = stages_nr(kind);

	w->value = 1 + any(s, 1ull << 40);
	w->tsc = any(s, UINT64_MAX);
	w->round = nr_rounds ? 1 + (unsigned int)any(s, nr_rounds) : 0;
	w->path = (enum span_path)any(s, NR_SPAN_PATHS);
	stage_name(kind, (uint32_t)any(s, 1ull << nr), (unsigned int)any(s, nr),
		   w->stage);
	w->excess = any(s, 1ull << 40);
	w->cause = any_cause(s);
	w->nr_lines = (unsigned int)any(s, EXPLAIN_LINES + 1);
	w->more = any(s, 3);
	for (unsigned int i = 0; i < w->nr_lines; i++) {
		w->lines[i].after = any(s, 1ull << 40);
		any_text(s, w->lines[i].who, EXPLAIN_WHO_LEN);
		any_text(s, w->lines[i].what, EXPLAIN_WHAT_LEN);
	}
}

static void any_metric_explained(uint64_t *s, unsigned int nr_rounds,
				 struct explain *x)
{
	x->kind = (enum span_kind)any(s, NR_SPAN_KINDS);
	x->nr_plain = any(s, 100000);
	x->nr_rounds = nr_rounds ? 1 + (unsigned int)any(s, nr_rounds) : 0;
	x->priced = nr_rounds && coin(s);
	x->nr_traced = any(s, 100000);
	x->nr_neither = any(s, 1000);
	x->nr_witnessed = any(s, 100000);
	x->nr_odd = any(s, 3);
	x->nr_events = any(s, 1ull << 40);
	x->traced_p50 = any(s, 1ull << 30);
	x->nr_classes = (unsigned int)any(s, NR_SPAN_PATHS + 1);
	for (unsigned int i = 0; i < x->nr_classes; i++)
		any_class(s, x->kind, &x->classes[i]);
	x->nr_worst = (unsigned int)any(s, EXPLAIN_WORST + 1);
	for (unsigned int i = 0; i < x->nr_worst; i++)
		any_worst(s, x->kind, nr_rounds, &x->worst[i]);
	x->nr_tally = x->nr_worst ? 1 + (unsigned int)any(s, x->nr_worst) : 0;
	for (unsigned int i = 0; i < x->nr_tally; i++)
		x->tally[i] = (struct explain_tally){
			.cause = any_cause(s),
			.nr = 1 + (unsigned int)any(s, EXPLAIN_WORST)};
}

void any_trace(uint64_t *s, struct result *r)
{
	struct result_trace *t = &r->trace;

	t->asked = coin(s);
	if (!t->asked)
		return;
	if (any(s, 4) == 0) {
		any_text(s, t->missing, sizeof(t->missing));
		return;
	}
	t->watched = coin(s);
	t->nr_events = any(s, 1ull << 40);
	t->lost = any(s, 3);
	t->steal_known = coin(s);
	t->steal_ns = t->steal_known ? any(s, 1ull << 40) : 0;
	if (coin(s))
		any_text(s, t->no_smis, sizeof(t->no_smis));
	if (!t->no_smis[0])
		t->smis = any(s, 1ull << 32);
	t->lacks = coin(s) ? 0 : any(s, TRACE_BIT(NR_TRACE_KINDS));
	t->list = calloc(r->nr_metrics + 1, sizeof(*t->list));
	assert_non_null(t->list);
	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		if (coin(s))
			continue;
		t->list[t->nr].metric = i;
		any_metric_explained(s, r->nr_rounds, &t->list[t->nr++]);
	}
}
