/* SPDX-License-Identifier: BSD-2-Clause */
/* write_explain.c - see write_parts.h. */
#include "vmm/result/write_parts.h"

static json_t *took(const struct result *r, uint64_t tsc)
{
	return time_value(r, (int64_t)tsc);
}

static json_t *spread(const struct result *r, const struct explain_spread *s)
{
	json_t *o = json_object();

	set(o, "min", took(r, s->min));
	set(o, "p50", took(r, s->p50));
	set(o, "p90", took(r, s->p90));
	set(o, "p99", took(r, s->p99));
	set(o, "max", took(r, s->max));
	set(o, "sum", took(r, s->sum));
	return o;
}

static json_t *class(const struct result *r, const struct explain_class *c)
{
	json_t *o = json_object(), *stages = json_array();

	set_text(o, "path", span_path_name(c->path));
	set(o, "samples", number(c->nr));
	set(o, "others", number(c->others));
	set(o, "whole", spread(r, &c->whole));
	for (unsigned int i = 0; i < c->nr_stages; i++) {
		json_t *s = spread(r, &c->stages[i].spread);

		set_text(s, "name", c->stages[i].name);
		json_array_append_new(stages, s);
	}
	set(o, "stages", stages);
	return o;
}

static json_t *cause(const struct result *r, const struct cause *c)
{
	json_t *o = json_object();

	set_text(o, "kind", cause_kind_name(c->kind));
	set_text(o, "name", c->name);
	set(o, "took", took(r, c->tsc));
	return o;
}

static json_t *worst(const struct result *r, const struct explain_worst *w)
{
	json_t *o = json_object(), *lines = json_array();

	set(o, "value", took(r, w->value));
	set(o, "tsc", number(w->tsc));
	set_text(o, "path", span_path_name(w->path));
	set_text(o, "stage", w->stage);
	set(o, "excess", took(r, w->excess));
	set(o, "cause", cause(r, &w->cause));
	for (unsigned int i = 0; i < w->nr_lines; i++) {
		json_t *l = json_object();

		set(l, "after", took(r, w->lines[i].after));
		set_text(l, "who", w->lines[i].who);
		set_text(l, "what", w->lines[i].what);
		json_array_append_new(lines, l);
	}
	set(o, "timeline", lines);
	set(o, "more", number(w->more));
	return o;
}

static json_t *metric(const struct result *r, const struct explain *x)
{
	json_t *o = json_object(), *classes = json_array();
	json_t *worsts = json_array(), *tally = json_array();

	set(o, "metric", json_integer(x->metric));
	set_text(o, "kind", span_kind_name(x->kind));
	set(o, "samples", number(x->nr_traced));
	set(o, "plain", number(x->nr_plain));
	set(o, "between", number(x->nr_neither));
	set(o, "events", number(x->nr_events));
	set(o, "witnessed", number(x->nr_witnessed));
	set(o, "odd", number(x->nr_odd));
	set(o, "p50", took(r, x->traced_p50));
	for (unsigned int i = 0; i < x->nr_classes; i++)
		json_array_append_new(classes, class(r, &x->classes[i]));
	set(o, "paths", classes);
	for (unsigned int i = 0; i < x->nr_worst; i++)
		json_array_append_new(worsts, worst(r, &x->worst[i]));
	set(o, "worst", worsts);
	for (unsigned int i = 0; i < x->nr_tally; i++) {
		json_t *t = cause(r, &x->tally[i].cause);

		set(t, "samples", json_integer(x->tally[i].nr));
		json_array_append_new(tally, t);
	}
	set(o, "causes", tally);
	return o;
}

json_t *write_explain(const struct result *r)
{
	json_t *o = json_object(), *lacks = json_array(), *list = json_array();

	if (r->trace.missing[0])
		set_text(o, "missing", r->trace.missing);
	set(o, "events", number(r->trace.nr_events));
	set(o, "lost", number(r->trace.lost));
	for (unsigned int i = 0; i < NR_TRACE_KINDS; i++)
		if (r->trace.lacks & 1u << i)
			json_array_append_new(lacks,
					      json_string(trace_kind_name(i)));
	set(o, "not_recorded", lacks);
	for (unsigned int i = 0; i < r->trace.nr; i++)
		json_array_append_new(list, metric(r, &r->trace.list[i]));
	set(o, "metrics", list);
	return o;
}
