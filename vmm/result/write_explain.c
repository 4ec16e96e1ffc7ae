/* SPDX-License-Identifier: BSD-2-Clause */
/* write_explain.c - see write_parts.h. */
#include "vmm/result/write_parts.h"

/* What its times are in. */
struct unit {
	const struct ticks *ticks;
	uint64_t tsc_khz;
};

static json_t *took(const struct unit *u, uint64_t tsc)
{
	return json_ticks(u->ticks, u->tsc_khz, (int64_t)tsc);
}

static json_t *spread(const struct unit *u, const struct explain_spread *s)
{
	json_t *o = json_object();

	set(o, "min", took(u, s->min));
	set(o, "p50", took(u, s->p50));
	set(o, "p90", took(u, s->p90));
	set(o, "p99", took(u, s->p99));
	set(o, "max", took(u, s->max));
	set(o, "sum", took(u, s->sum));
	return o;
}

static json_t *class(const struct unit *u, const struct explain_class *c)
{
	json_t *o = json_object(), *stages = json_array();

	set_text(o, "path", span_path_name(c->path));
	set(o, "samples", number(c->nr));
	set(o, "others", number(c->others));
	set(o, "whole", spread(u, &c->whole));
	for (unsigned int i = 0; i < c->nr_stages; i++) {
		json_t *s = spread(u, &c->stages[i].spread);

		set_text(s, "name", c->stages[i].name);
		json_array_append_new(stages, s);
	}
	set(o, "stages", stages);
	return o;
}

static json_t *cause(const struct unit *u, const struct cause *c)
{
	json_t *o = json_object();

	set_text(o, "kind", cause_kind_name(c->kind));
	set_text(o, "name", c->name);
	set(o, "took", took(u, c->tsc));
	return o;
}

static json_t *worst(const struct unit *u, const struct explain_worst *w)
{
	json_t *o = json_object(), *lines = json_array();

	set(o, "value", took(u, w->value));
	set(o, "tsc", number(w->tsc));
	if (w->round)
		set(o, "round", number(w->round));
	set_text(o, "path", span_path_name(w->path));
	set_text(o, "stage", w->stage);
	set(o, "excess", took(u, w->excess));
	set(o, "cause", cause(u, &w->cause));
	for (unsigned int i = 0; i < w->nr_lines; i++) {
		json_t *l = json_object();

		set(l, "after",
		    json_ticks(u->ticks, u->tsc_khz, w->lines[i].after));
		set_text(l, "who", w->lines[i].who);
		set_text(l, "what", w->lines[i].what);
		json_array_append_new(lines, l);
	}
	set(o, "timeline", lines);
	set(o, "more", number(w->more));
	return o;
}

static json_t *metric(const struct unit *u, const struct explain *x,
		      const char *key)
{
	json_t *o = json_object(), *classes = json_array();
	json_t *worsts = json_array(), *tally = json_array();

	set(o, key, json_integer(x->metric));
	set_text(o, "kind", span_kind_name(x->kind));
	if (x->nr_rounds)
		set(o, "rounds", number(x->nr_rounds));
	if (x->priced)
		set(o, "priced", json_true());
	set(o, "samples", number(x->nr_traced));
	set(o, "plain", number(x->nr_plain));
	set(o, "between", number(x->nr_neither));
	set(o, "events", number(x->nr_events));
	set(o, "witnessed", number(x->nr_witnessed));
	set(o, "odd", number(x->nr_odd));
	set(o, "p50", took(u, x->traced_p50));
	for (unsigned int i = 0; i < x->nr_classes; i++)
		json_array_append_new(classes, class(u, &x->classes[i]));
	set(o, "paths", classes);
	for (unsigned int i = 0; i < x->nr_worst; i++)
		json_array_append_new(worsts, worst(u, &x->worst[i]));
	set(o, "worst", worsts);
	for (unsigned int i = 0; i < x->nr_tally; i++) {
		json_t *t = cause(u, &x->tally[i].cause);

		set(t, "samples", json_integer(x->tally[i].nr));
		json_array_append_new(tally, t);
	}
	set(o, "causes", tally);
	return o;
}

json_t *write_trace(const struct result_trace *t, const struct ticks *ticks,
		    uint64_t tsc_khz, const char *key)
{
	const struct unit u = {.ticks = ticks, .tsc_khz = tsc_khz};
	json_t *o = json_object(), *lacks = json_array(), *list = json_array();

	if (t->missing[0])
		set_text(o, "missing", t->missing);
	if (t->watched)
		set(o, "watched", json_true());
	set(o, "events", number(t->nr_events));
	set(o, "lost", number(t->lost));
	if (t->steal_known)
		set(o, "steal_ns", number(t->steal_ns));
	if (t->no_smis[0])
		set_text(o, "no_smis", t->no_smis);
	else if (!t->missing[0])
		set(o, "smis", number(t->smis));
	for (unsigned int i = 0; i < NR_TRACE_KINDS; i++)
		if (t->lacks & TRACE_BIT(i))
			json_array_append_new(lacks,
					      json_string(trace_kind_name(i)));
	set(o, "not_recorded", lacks);
	for (unsigned int i = 0; i < t->nr; i++)
		json_array_append_new(list, metric(&u, &t->list[i], key));
	set(o, "metrics", list);
	return o;
}

json_t *write_explain(const struct result *r)
{
	return write_trace(&r->trace, &r->ticks, r->machine.tsc_khz, "metric");
}
