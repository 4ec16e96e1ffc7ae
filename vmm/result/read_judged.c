/* SPDX-License-Identifier: BSD-2-Clause */
/* read_judged.c - see read_parts.h: checks, thresholds, the break. */
#include <string.h>

#include "vmm/result/judge.h"
#include "vmm/result/read_parts.h"

static void read_checks(struct reader *rd, const json_t *file, struct result *r)
{
	const json_t *a = read_array(rd, file, "checks", RESULT_MAX_CHECKS), *o;
	size_t i;

	json_array_foreach (a, i, o) {
		struct result_check *c = &r->checks[i];

		reader_at(rd, "checks[", (unsigned int)i);
		read_text(rd, o, "what", c->what, sizeof(c->what));
		c->vcpu = (uint32_t)read_int(rd, o, "vcpu", 0,
					     (int64_t)r->nr_vcpus - 1);
		c->metric = -1;
		if (!json_is_null(json_object_get(o, "metric_index")))
			c->metric = (int)read_int(rd, o, "metric_index", 0,
						  (int64_t)r->nr_metrics - 1);
		c->guest = read_u64(rd, o, "guest");
		c->host = read_u64(rd, o, "host");
		c->required = read_bool(rd, o, "required");
	}
	r->nr_checks = (unsigned int)json_array_size(a);
	reader_at(rd, NULL, 0);
}

static void add_break(struct reader *rd, const json_t *o, struct result *r)
{
	struct result_break *b = &r->broke[r->nr_broke];

	b->metric = &r->metrics[read_int(rd, o, "metric_index", 0,
					 (int64_t)r->nr_metrics - 1)];
	b->value = take_cycles(rd, json_object_get(o, "value"), "value");
	b->tsc = read_u64(rd, o, "tsc");
	r->nr_broke++;
}

/* Of one there is no list. */
static void read_break(struct reader *rd, const json_t *file, struct result *r)
{
	const json_t *first = maybe_object(rd, file, "break");
	const json_t *a = json_object_get(file, "breaks");

	if (r->nr_metrics == 0)
		return;
	if (a)
		a = read_array(rd, file, "breaks", HIST_NR_WORST);
	for (size_t i = 0; a && i < json_array_size(a); i++) {
		reader_at(rd, "breaks", i);
		add_break(rd, json_array_get(a, i), r);
	}
	reader_at(rd, "break", 0);
	if (first && r->nr_broke == 0)
		add_break(rd, first, r);
	reader_at(rd, NULL, 0);
}

/* What they came to is worked out: the file's own word is not needed. */
static void read_thresholds(struct reader *rd, const json_t *file,
			    struct result *r)
{
	const json_t *a = read_array(rd, file, "fail_if", THRESHOLD_MAX),
		     *value;
	char text[THRESHOLD_TEXT_LEN], error[256];
	size_t i;

	r->in_suite = read_bool(rd, file, "in_suite");
	json_array_foreach (a, i, value) {
		const char *wrong;

		take_text(rd, value, "fail_if", text, sizeof(text));
		wrong = threshold_parse(&r->thresholds[i], text, error,
					sizeof(error));
		if (wrong)
			reader_fail(rd, "fail_if", "%s", wrong);
	}
	r->nr_thresholds = (unsigned int)json_array_size(a);
	if (!rd->failed)
		result_judge(r);
}

void read_judged(struct reader *rd, const json_t *file, struct result *r)
{
	read_checks(rd, file, r);
	read_break(rd, file, r);
	read_thresholds(rd, file, r);
}
