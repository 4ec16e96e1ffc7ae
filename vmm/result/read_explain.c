/* SPDX-License-Identifier: BSD-2-Clause */
/* read_explain.c - see read_parts.h. */
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/result/read_parts.h"
#include "vmm/result/rounds.h"

/* The number of a word among nr of them; 0 and an error: it is none. */
static unsigned int read_word(struct reader *rd, const json_t *o,
			      const char *key, unsigned int nr,
			      const char *(*name)(unsigned int))
{
	char word[32];

	read_text(rd, o, key, word, sizeof(word));
	for (unsigned int i = 0; i < nr; i++)
		if (strcmp(name(i), word) == 0)
			return i;
	reader_fail(rd, key, "'%s' is unknown", word);
	return 0;
}

static const char *path_name(unsigned int i)
{
	return span_path_name((enum span_path)i);
}

static const char *kind_name(unsigned int i)
{
	return span_kind_name((enum span_kind)i);
}

static const char *cause_name(unsigned int i)
{
	return cause_kind_name((enum cause_kind)i);
}

static struct explain_spread read_spread(struct reader *rd, const json_t *o)
{
	return (struct explain_spread){
		.min = read_ticks(rd, o, "min"),
		.p50 = read_ticks(rd, o, "p50"),
		.p90 = read_ticks(rd, o, "p90"),
		.p99 = read_ticks(rd, o, "p99"),
		.max = read_ticks(rd, o, "max"),
		.sum = read_ticks(rd, o, "sum"),
	};
}

static void read_class(struct reader *rd, const json_t *o,
		       struct explain_class *c)
{
	const json_t *stages = read_array(rd, o, "stages", STAGES_MAX);
	const json_t *whole = read_object(rd, o, "whole"), *s;
	size_t i;

	c->path = (enum span_path)read_word(rd, o, "path", NR_SPAN_PATHS,
					    path_name);
	c->nr = read_count(rd, o, "samples");
	c->others = read_count(rd, o, "others");
	if (whole)
		c->whole = read_spread(rd, whole);
	json_array_foreach (stages, i, s) {
		read_text(rd, s, "name", c->stages[i].name,
			  sizeof(c->stages[i].name));
		c->stages[i].spread = read_spread(rd, s);
		c->nr_stages++;
	}
}

static void read_cause(struct reader *rd, const json_t *o, struct cause *c)
{
	c->kind = (enum cause_kind)read_word(rd, o, "kind", NR_CAUSES,
					     cause_name);
	read_text(rd, o, "name", c->name, sizeof(c->name));
	c->tsc = read_ticks(rd, o, "took");
}

static void read_worst(struct reader *rd, const json_t *o,
		       struct explain_worst *w)
{
	const json_t *lines = read_array(rd, o, "timeline", EXPLAIN_LINES);
	const json_t *cause = read_object(rd, o, "cause"), *l;
	size_t i;

	w->value = read_ticks(rd, o, "value");
	w->tsc = read_u64(rd, o, "tsc");
	w->round = (unsigned int)maybe_int(rd, o, "round", 1, ROUNDS_MAX);
	w->path = (enum span_path)read_word(rd, o, "path", NR_SPAN_PATHS,
					    path_name);
	read_text(rd, o, "stage", w->stage, sizeof(w->stage));
	w->excess = read_ticks(rd, o, "excess");
	w->more = read_count(rd, o, "more");
	if (cause)
		read_cause(rd, cause, &w->cause);
	json_array_foreach (lines, i, l) {
		struct explain_line *to = &w->lines[w->nr_lines++];

		to->after =
			take_cycles(rd, json_object_get(l, "after"), "after");
		read_text(rd, l, "who", to->who, sizeof(to->who));
		read_text(rd, l, "what", to->what, sizeof(to->what));
	}
}

static void read_lists(struct reader *rd, const json_t *o, struct explain *x)
{
	const json_t *a = read_array(rd, o, "paths", NR_SPAN_PATHS), *v;
	size_t i;

	json_array_foreach (a, i, v)
		read_class(rd, v, &x->classes[x->nr_classes++]);
	a = read_array(rd, o, "worst", EXPLAIN_WORST);
	json_array_foreach (a, i, v)
		read_worst(rd, v, &x->worst[x->nr_worst++]);
	a = read_array(rd, o, "causes", EXPLAIN_WORST);
	json_array_foreach (a, i, v) {
		struct explain_tally *t = &x->tally[x->nr_tally++];

		read_cause(rd, v, &t->cause);
		t->nr = (unsigned int)read_int(rd, v, "samples", 0,
					       EXPLAIN_WORST);
	}
}

static void read_one(struct reader *rd, const json_t *o, const struct result *r,
		     struct explain *x)
{
	x->metric = (unsigned int)read_int(rd, o, "metric", 0,
					   (int64_t)r->nr_metrics - 1);
	x->kind = (enum span_kind)read_word(rd, o, "kind", NR_SPAN_KINDS,
					    kind_name);
	x->nr_rounds = (unsigned int)maybe_int(rd, o, "rounds", 1, ROUNDS_MAX);
	if (json_object_get(o, "priced"))
		x->priced = read_bool(rd, o, "priced");
	x->nr_traced = read_count(rd, o, "samples");
	x->nr_plain = read_count(rd, o, "plain");
	x->nr_neither = read_count(rd, o, "between");
	x->nr_events = read_count(rd, o, "events");
	x->nr_witnessed = read_count(rd, o, "witnessed");
	x->nr_odd = read_count(rd, o, "odd");
	x->traced_p50 = read_ticks(rd, o, "p50");
	read_lists(rd, o, x);
}

static void read_outside(struct reader *rd, const json_t *o,
			 struct result_trace *t)
{
	t->steal_known = json_object_get(o, "steal_ns") != NULL;
	t->steal_ns = maybe_count(rd, o, "steal_ns");
	maybe_text(rd, o, "no_smis", t->no_smis, sizeof(t->no_smis));
	if (!t->missing[0] && !t->no_smis[0])
		t->smis = read_count(rd, o, "smis");
}

static void read_lacks(struct reader *rd, const json_t *o,
		       struct result_trace *t)
{
	const json_t *a = read_array(rd, o, "not_recorded", NR_TRACE_KINDS), *v;
	size_t i;

	json_array_foreach (a, i, v) {
		char name[TRACE_TEXT_LEN];
		uint64_t bit = 0;

		take_text(rd, v, "not_recorded", name, sizeof(name));
		for (unsigned int k = 0; k < NR_TRACE_KINDS; k++)
			if (strcmp(name, trace_kind_name(k)) == 0)
				bit = TRACE_BIT(k);
		if (!bit)
			reader_fail(rd, "not_recorded",
				    "there is no event '%s'", name);
		t->lacks |= bit;
	}
}

void read_explain(struct reader *rd, const json_t *file, struct result *r)
{
	const json_t *o = maybe_object(rd, file, "explain"), *a, *v;
	struct result_trace *t = &r->trace;
	size_t i;

	if (!o)
		return;
	t->asked = true;
	reader_at(rd, "explain", 0);
	maybe_text(rd, o, "missing", t->missing, sizeof(t->missing));
	t->watched = json_is_true(json_object_get(o, "watched"));
	t->nr_events = read_count(rd, o, "events");
	t->lost = read_count(rd, o, "lost");
	read_outside(rd, o, t);
	read_lacks(rd, o, t);
	a = read_array(rd, o, "metrics", r->nr_metrics);
	t->list = calloc(json_array_size(a) + 1, sizeof(*t->list));
	if (!t->list)
		die_errno("no memory for what --explain found");
	json_array_foreach (a, i, v) {
		reader_at(rd, "explain.metrics[", (unsigned int)i);
		read_one(rd, v, r, &t->list[i]);
		t->nr++;
	}
	reader_at(rd, NULL, 0);
}
