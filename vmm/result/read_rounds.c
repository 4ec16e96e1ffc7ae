/* SPDX-License-Identifier: BSD-2-Clause */
/* read_rounds.c - see read_parts.h. */
#include <stdlib.h>

#include "vmm/base/die.h"
#include "vmm/result/read_parts.h"
#include "vmm/result/rounds.h"

/* From 0 to most. */
static double read_share(struct reader *rd, const json_t *o, const char *key,
			 double most)
{
	double value = json_number_value(json_object_get(o, key));

	if (value >= 0 && value <= most)
		return value;
	reader_fail(rd, key, "wanted 0 to the number of samples, got %g",
		    value);
	return 0;
}

static void read_quantile(struct reader *rd, const json_t *o,
			  struct analysis_quantile *q, double count)
{
	q->supported = true;
	q->value = take_cycles(rd, o, "percentiles");
	q->worth = read_share(rd, o, "worth", count);
	q->worth_least = read_share(rd, o, "worth_least", count);
	q->events = read_share(rd, o, "events", count);
}

static void read_round(struct reader *rd, const json_t *o, struct analysis *a)
{
	const json_t *p = read_object(rd, o, "percentiles");
	const json_t *mean = json_object_get(o, "mean");

	a->count = read_count(rd, o, "samples");
	a->out_of_range = read_count(rd, o, "out_of_range");
	a->min = take_cycles(rd, json_object_get(o, "min"), "min");
	a->max = take_cycles(rd, json_object_get(o, "max"), "max");
	a->mean = json_number_value(json_object_get(
		mean, rd->ticks.insns ? "instructions" : "cycles"));
	for (int i = 0; p && i < NR_REPORT_QUANTILES; i++) {
		const json_t *q = json_object_get(p, report_quantiles[i].name);

		if (q)
			read_quantile(rd, q, &a->quantile[i], (double)a->count);
	}
}

void read_rounds(struct reader *rd, const json_t *o, struct result_metric *m)
{
	struct analysis *rounds;
	const json_t *a, *v;
	size_t i;

	if (!json_object_get(o, "rounds"))
		return;
	a = read_array(rd, o, "rounds", ROUNDS_MAX);
	if (json_array_size(a) == 0)
		return;
	rounds = calloc(json_array_size(a), sizeof(*rounds));
	if (!rounds)
		die_errno("no memory for the rounds");
	json_array_foreach (a, i, v)
		read_round(rd, v, &rounds[i]);
	m->nr_rounds = (unsigned int)json_array_size(a);
	m->rounds = rounds;
}

void read_merged_rounds(struct reader *rd, const json_t *file, struct result *r)
{
	const json_t *a = read_array(rd, file, "merged", RESULT_MAX_MERGED), *v;
	size_t i;

	json_array_foreach (a, i, v) {
		reader_at(rd, "merged[", (unsigned int)i);
		if (i < r->nr_merged)
			read_rounds(rd, v, &r->merged[i]);
	}
	reader_at(rd, NULL, 0);
}
