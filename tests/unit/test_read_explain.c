/* SPDX-License-Identifier: BSD-2-Clause */
/* test_read_explain.c - what a file cannot say that --explain found. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/any_result.h"
#include "tests/unit/unit.h"
#include "vmm/result/json.h"
#include "vmm/result/read.h"
#include "vmm/result/write.h"

/* One with stages, a timeline and a tally, of its first metric. */
static bool has_all(const struct result *r)
{
	const struct explain *x = r->trace.list;

	return r->trace.nr && !r->ticks.insns && x->nr_classes && x->nr_worst &&
	       x->worst[0].nr_lines && x->nr_tally;
}

static json_t *file_with_all(void)
{
	uint64_t seed = 1;
	struct result *r = any_result(seed);
	char *text;
	json_t *o;

	while (!has_all(r)) {
		result_free(r);
		r = any_result(++seed);
	}
	text = result_text(r);
	o = json_loads(text, 0, NULL);
	assert_non_null(o);
	free(text);
	result_free(r);
	return o;
}

/* The member of the last object that is first in each of them. */
static json_t *at(json_t *o, const char *const *keys)
{
	for (; *keys; keys++) {
		o = json_object_get(o, *keys);
		if (json_is_array(o))
			o = json_array_get(o, 0);
		assert_non_null(o);
	}
	return o;
}

static void refuse(const char *const *keys, const char *key, json_t *value,
		   const char *why)
{
	json_t *o = file_with_all();
	char *text, error[512] = "";
	FILE *f;

	json_object_set_new(at(o, keys), key, value);
	text = json_dumps(o, 0);
	f = fmemopen(text, strlen(text), "r");
	assert_non_null(f);
	assert_null(result_read(f, "made.json", error, sizeof(error)));
	assert_has(error, why);
	fclose(f);
	free(text);
	json_decref(o);
}

static json_t *time_of(json_int_t cycles)
{
	return json_pack("{s:f, s:I}", "ns", 1.0, "cycles", cycles);
}

static json_t *many(unsigned int nr)
{
	json_t *a = json_array();

	while (nr-- > 0)
		json_array_append_new(a, json_object());
	return a;
}

TEST(read_refuses_what_explain_did_not_find)
{
	const char *const all[] = {"explain", NULL};
	const char *const metric[] = {"explain", "metrics", NULL};

	refuse(all + 1, "explain", json_array(), "explain: wanted an object");
	refuse(all, "events", json_integer(-1),
	       "explain.events: wanted a number from 0");
	refuse(all, "lost", json_null(), "explain.lost: wanted a number");
	refuse(all, "missing", json_true(), "explain.missing: wanted text");
	refuse(all, "not_recorded", json_pack("[s]", "x"),
	       "explain.not_recorded: there is no event 'x'");
	refuse(all, "not_recorded", json_pack("[i]", 1),
	       "explain.not_recorded: wanted text");
	refuse(all, "metrics", many(257), "explain.metrics: wanted ");
	refuse(metric, "metric", json_integer(256),
	       "explain.metrics[0].metric: wanted a number from 0 to ");
	refuse(metric, "metric", json_integer(-1),
	       "explain.metrics[0].metric: wanted a number from 0 to ");
	refuse(metric, "kind", json_string("ipis"),
	       "explain.metrics[0].kind: 'ipis' is unknown");
	refuse(metric, "witnessed", json_integer(-1),
	       "explain.metrics[0].witnessed: wanted a number from 0");
	refuse(metric, "odd", json_null(),
	       "explain.metrics[0].odd: wanted a n");
	refuse(metric, "p50", time_of(-1), "p50: wanted a time, got a neg");
	refuse(metric, "paths", many(NR_SPAN_PATHS + 1),
	       "explain.metrics[0].paths: wanted 5 entries at most, got 6");
	refuse(metric, "worst", many(EXPLAIN_WORST + 1),
	       "explain.metrics[0].worst: wanted 16 entries at most, got 17");
	refuse(metric, "causes", many(EXPLAIN_WORST + 1),
	       "explain.metrics[0].causes: wanted 16 entries at most, got 17");
}

TEST(read_refuses_stages_and_timelines_that_cannot_be)
{
	const char *const path[] = {"explain", "metrics", "paths", NULL};
	const char *const stage[] = {"explain", "metrics", "paths", "stages",
				     NULL};
	const char *const worst[] = {"explain", "metrics", "worst", NULL};
	const char *const cause[] = {"explain", "metrics", "worst", "cause",
				     NULL};
	const char *const line[] = {"explain", "metrics", "worst", "timeline",
				    NULL};
	const char *const tally[] = {"explain", "metrics", "causes", NULL};

	refuse(path, "path", json_string("walked"), "'walked' is unknown");
	refuse(path, "stages", many(STAGES_MAX + 1), "wanted 17 entries at");
	refuse(path, "whole", json_null(), "whole: wanted an object");
	refuse(stage, "sum", time_of(-7), "sum: wanted a time");
	refuse(stage, "name", json_string("a\nb"), "name: wanted printable");
	refuse(worst, "timeline", many(EXPLAIN_LINES + 1),
	       "timeline: wanted 32 entries at most, got 33");
	refuse(worst, "excess", json_null(), "excess: wanted a time");
	refuse(worst, "cause", json_null(), "cause: wanted an object");
	refuse(cause, "kind", json_string("x"), "kind: 'x' is unknown");
	refuse(line, "who",
	       json_string("0123456789012345678901234567890123456789"),
	       "who: wanted 39 characters at most, got 40");
	refuse(tally, "samples", json_integer(17), "samples: wanted a number");
}

TEST(read_without_explain_has_none)
{
	json_t *o = file_with_all();
	char *text, error[512];
	struct result *r;
	FILE *f;

	json_object_del(o, "explain");
	text = json_dumps(o, 0);
	f = fmemopen(text, strlen(text), "r");
	assert_non_null(f);
	r = result_read(f, "made.json", error, sizeof(error));
	assert_non_null(r);
	assert_false(r->trace.asked);
	assert_int_equal(r->trace.nr, 0);
	fclose(f);
	free(text);
	json_decref(o);
	result_free(r);
}
