/* SPDX-License-Identifier: BSD-2-Clause */
/* chrome_trace.c - see chrome_trace.h. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/chrome_trace.h"
#include "tests/unit/unit.h"
#include "vmm/report/perfetto.h"

#define EPSILON 0.0001 /* us: below a ns */

static const char *text_of(const json_t *e, const char *key)
{
	const char *text = json_string_value(json_object_get(e, key));

	assert_non_null(text);
	return text;
}

static double number_of(const json_t *e, const char *key)
{
	const json_t *v = json_object_get(e, key);

	assert_true(json_is_number(v));
	assert_true(json_number_value(v) >= 0);
	return json_number_value(v);
}

static int64_t tid_of(const json_t *e)
{
	assert_true(json_is_integer(json_object_get(e, "pid")));
	assert_true(json_is_integer(json_object_get(e, "tid")));
	return json_integer_value(json_object_get(e, "tid"));
}

static struct chrome_slice *add(struct chrome_trace *c, const json_t *e)
{
	struct chrome_slice *s;

	c->slices = realloc(c->slices, (c->nr + 1) * sizeof(*c->slices));
	assert_non_null(c->slices);
	s = &c->slices[c->nr++];
	*s = (struct chrome_slice){
		.tid = tid_of(e), .ts = number_of(e, "ts"), .dur = -1};
	snprintf(s->name, sizeof(s->name), "%s", text_of(e, "name"));
	return s;
}

/* The open one that began last; -1 as dur: it is open. */
static void end(struct chrome_trace *c, const json_t *e)
{
	int64_t tid = tid_of(e);
	double ts = number_of(e, "ts");

	for (size_t i = c->nr; i-- > 0;) {
		struct chrome_slice *s = &c->slices[i];

		if (s->tid != tid || s->dur >= 0)
			continue;
		assert_true(ts >= s->ts);
		s->dur = ts - s->ts;
		return;
	}
	fail_msg("an end without a beginning");
}

static void take_name(struct chrome_trace *c, const json_t *e)
{
	if (strcmp(text_of(e, "name"), "thread_name") != 0)
		return;
	assert_true(c->nr_threads < 256);
	for (size_t i = 0; i < c->nr_threads; i++)
		assert_true(c->threads[i].tid != tid_of(e));
	c->threads[c->nr_threads].tid = tid_of(e);
	snprintf(c->threads[c->nr_threads++].name, 128, "%s",
		 text_of(json_object_get(e, "args"), "name"));
}

/* A slice around the moment, on the track. */
static void assert_in_slice(const struct chrome_trace *c, const json_t *e)
{
	double ts = number_of(e, "ts");

	for (size_t i = 0; i < c->nr; i++)
		if (c->slices[i].tid == tid_of(e) && c->slices[i].ts <= ts &&
		    ts <= c->slices[i].ts + c->slices[i].dur + EPSILON)
			return;
	fail_msg("an arrow's end is in no slice: %s at %f", text_of(e, "ph"),
		 ts);
}

/* Each begins before it ends, and both are of one number. */
static void check_arrows(struct chrome_trace *c, const json_t *events)
{
	json_int_t id = 0;
	double ts = 0;
	size_t i;
	json_t *e;

	json_array_foreach (events, i, e) {
		bool begins = strcmp(text_of(e, "ph"), "s") == 0;

		if (!begins && strcmp(text_of(e, "ph"), "f") != 0)
			continue;
		assert_in_slice(c, e);
		if (begins) {
			assert_int_equal(id, 0);
			id = json_integer_value(json_object_get(e, "id"));
			assert_true(id > 0);
			ts = number_of(e, "ts");
			continue;
		}
		assert_int_equal(json_integer_value(json_object_get(e, "id")),
				 id);
		assert_true(number_of(e, "ts") >= ts);
		c->nr_arrows++;
		id = 0;
	}
	assert_int_equal(id, 0);
}

/* Two of a track are one in the other, or one after the other. */
static void check_nesting(struct chrome_trace *c)
{
	for (size_t i = 0; i < c->nr; i++) {
		struct chrome_slice *s = &c->slices[i];

		assert_true(s->dur >= 0);
		chrome_thread(c, s->tid);
		for (size_t k = 0; k < i; k++) {
			const struct chrome_slice *o = &c->slices[k];
			double s_end = s->ts + s->dur, o_end = o->ts + o->dur;

			if (o->tid != s->tid)
				continue;
			if (s->ts >= o->ts && s_end <= o_end + EPSILON)
				s->depth++;
			else
				assert_true(s->ts >= o_end - EPSILON ||
					    o->ts >= s_end - EPSILON);
		}
	}
}

static void take(struct chrome_trace *c, const json_t *events)
{
	size_t i;
	json_t *e;

	json_array_foreach (events, i, e) {
		const char *phase = text_of(e, "ph");

		assert_int_equal(strlen(phase), 1);
		switch (*phase) {
		case 'M':
			take_name(c, e);
			break;
		case 'B':
			add(c, e);
			break;
		case 'E':
			end(c, e);
			break;
		case 'X':
			add(c, e)->dur = number_of(e, "dur");
			break;
		default:
			assert_non_null(strchr("isf", *phase));
			number_of(e, "ts");
			break;
		}
	}
}

struct chrome_trace *chrome_trace_of(const struct recording *r)
{
	struct chrome_trace *c = calloc(1, sizeof(*c));
	size_t len;
	json_error_t error;
	json_t *root;
	FILE *f;

	assert_non_null(c);
	f = open_memstream(&c->text, &len);
	assert_non_null(f);
	assert_true(perfetto_write(r, f));
	fclose(f);
	root = json_loadb(c->text, len, 0, &error);
	if (!root)
		fail_msg("line %d: %s", error.line, error.text);
	take(c, json_object_get(root, "traceEvents"));
	check_nesting(c);
	check_arrows(c, json_object_get(root, "traceEvents"));
	json_decref(root);
	return c;
}

void chrome_trace_free(struct chrome_trace *c)
{
	free(c->text);
	free(c->slices);
	free(c);
}

size_t chrome_slices(const struct chrome_trace *c, const char *name)
{
	size_t nr = 0;

	for (size_t i = 0; i < c->nr; i++)
		nr += strcmp(c->slices[i].name, name) == 0;
	return nr;
}

const struct chrome_slice *chrome_slice(const struct chrome_trace *c,
					const char *name)
{
	for (size_t i = 0; i < c->nr; i++)
		if (strcmp(c->slices[i].name, name) == 0)
			return &c->slices[i];
	fail_msg("there is no slice '%s'", name);
	return NULL;
}

const char *chrome_thread(const struct chrome_trace *c, int64_t tid)
{
	for (size_t i = 0; i < c->nr_threads; i++)
		if (c->threads[i].tid == tid)
			return c->threads[i].name;
	fail_msg("a track without a name");
	return "";
}
