/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_json.c - see trace_json.h. */
#include "vmm/report/trace_json.h"

#define NS_PER_US 1000.0
#define CATEGORY  "latvisor"

void trace_json_begin(struct trace_json *j)
{
	j->some = false;
	j->failed = fputs("{\"traceEvents\":[", j->out) == EOF;
}

static void add(struct trace_json *j, json_t *event)
{
	if (j->failed || !event ||
	    fputs(j->some ? ",\n" : "\n", j->out) == EOF ||
	    json_dumpf(event, j->out, JSON_DUMP_FLAGS) != 0)
		j->failed = true;
	j->some = true;
	json_decref(event);
}

bool trace_json_end(struct trace_json *j, json_t *about)
{
	if (fputs("\n],\"displayTimeUnit\":\"ns\",\"otherData\":", j->out) ==
		    EOF ||
	    !about || json_dumpf(about, j->out, JSON_DUMP_FLAGS) != 0 ||
	    fputs("}\n", j->out) == EOF)
		j->failed = true;
	json_decref(about);
	return !j->failed;
}

/* Whole ns, so that differences of them are what they should be. */
static uint64_t ns_of(const struct trace_json *j, uint64_t tsc)
{
	uint64_t since = tsc > j->base ? tsc - j->base : 0;

	return (uint64_t)((unsigned __int128)since * 1000000 / j->tsc_khz);
}

/* From the base to tsc, in us; or in ticks, where they are no time. */
static json_t *moment(const struct trace_json *j, uint64_t tsc)
{
	if (j->ticks.insns)
		return number(tsc > j->base ? tsc - j->base : 0);
	return json_real((double)ns_of(j, tsc) / NS_PER_US);
}

static json_t *length(const struct trace_json *j, uint64_t begin, uint64_t end)
{
	if (j->ticks.insns)
		return number(end - begin);
	return json_real((double)(ns_of(j, end) - ns_of(j, begin)) / NS_PER_US);
}

static json_t *event(const struct trace_json *j, const char *phase,
		     const struct track *t, uint64_t tsc)
{
	json_t *o = json_object();

	set_text(o, "ph", phase);
	set(o, "pid", number(t->pid));
	set(o, "tid", number(t->tid));
	set(o, "ts", moment(j, tsc));
	return o;
}

static void set_what(json_t *o, const char *name, json_t *args)
{
	set_text(o, "name", name);
	set_text(o, "cat", CATEGORY);
	if (args)
		set(o, "args", args);
}

static void describe(struct trace_json *j, const struct track *t,
		     const char *what, json_t *args)
{
	json_t *o = json_object();

	set_text(o, "ph", "M");
	set(o, "pid", number(t->pid));
	set(o, "tid", number(t->tid));
	set_text(o, "name", what);
	set(o, "args", args);
	add(j, o);
}

void trace_json_process(struct trace_json *j, uint32_t pid, const char *name)
{
	const struct track t = {.pid = pid};

	describe(j, &t, "process_name", json_pack("{s:s}", "name", name));
	describe(j, &t, "process_sort_index",
		 json_pack("{s:i}", "sort_index", (int)pid));
}

void trace_json_thread(struct trace_json *j, const struct track *t,
		       const char *name)
{
	describe(j, t, "thread_name", json_pack("{s:s}", "name", name));
	describe(j, t, "thread_sort_index",
		 json_pack("{s:i}", "sort_index", (int)t->tid));
}

static uint64_t not_before(struct track *t, uint64_t tsc)
{
	if (tsc > t->last)
		t->last = tsc;
	return t->last;
}

void track_open(struct trace_json *j, struct track *t, uint64_t tsc,
		const char *name, json_t *args)
{
	json_t *o = event(j, "B", t, not_before(t, tsc));

	set_what(o, name, args);
	t->depth++;
	add(j, o);
}

void track_close(struct trace_json *j, struct track *t, uint64_t tsc)
{
	if (t->depth == 0)
		return;
	t->depth--;
	add(j, event(j, "E", t, not_before(t, tsc)));
}

void track_mark(struct trace_json *j, struct track *t, uint64_t tsc,
		const char *name, json_t *args)
{
	json_t *o = event(j, "i", t, not_before(t, tsc));

	set_what(o, name, args);
	set_text(o, "s", "t");
	add(j, o);
}

void trace_json_slice(struct trace_json *j, const struct track *t,
		      uint64_t begin, uint64_t end, const char *name,
		      json_t *args)
{
	json_t *o = event(j, "X", t, begin);

	set(o, "dur", length(j, begin, end));
	set_what(o, name, args);
	add(j, o);
}

static void add_arrow_end(struct trace_json *j, uint64_t id, const char *phase,
			  const struct arrow_end *a)
{
	json_t *o = event(j, phase, a->track, a->tsc);

	set_what(o, "sample", NULL);
	set(o, "id", number(id));
	/* Of both it is the slice around it that is meant. */
	set_text(o, "bp", "e");
	add(j, o);
}

void trace_json_arrow(struct trace_json *j, uint64_t id, struct arrow_end from,
		      struct arrow_end to)
{
	add_arrow_end(j, id, "s", &from);
	add_arrow_end(j, id, "f", &to);
}
