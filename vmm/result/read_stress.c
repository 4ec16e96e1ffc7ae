/* SPDX-License-Identifier: BSD-2-Clause */
/* read_stress.c - see read_parts.h: what disturbances did. */
#include <string.h>

#include "vmm/base/room.h"
#include "vmm/result/read_parts.h"
#include "vmm/result/rounds.h"

#define MOST_ROWS (RESULT_MAX_METRICS + RESULT_MAX_MERGED)

static void read_row(struct reader *rd, const json_t *o, const struct result *r,
		     struct stress_row *row)
{
	const json_t *p = read_object(rd, o, "percentiles");

	read_text(rd, o, "metric", row->name, sizeof(row->name));
	row->vcpu =
		(uint32_t)read_int(rd, o, "vcpu", 0, (int64_t)r->nr_vcpus - 1);
	if (json_object_get(o, "vcpus"))
		row->vcpu_set =
			take_hex(rd, json_object_get(o, "vcpus"), "vcpus");
	row->a.count = read_count(rd, o, "samples");
	row->a.min = take_cycles(rd, json_object_get(o, "min"), "min");
	row->a.max = take_cycles(rd, json_object_get(o, "max"), "max");
	for (int i = 0; i < NR_REPORT_QUANTILES; i++) {
		const char *name = report_quantiles[i].name;
		const json_t *value = json_object_get(p, name);

		row->a.quantile[i].supported = value != NULL;
		if (value)
			row->a.quantile[i].value = take_cycles(rd, value, name);
	}
}

static void read_one(struct reader *rd, const json_t *o, const struct result *r,
		     struct result_stress *s)
{
	const json_t *a = read_array(rd, o, "metrics", MOST_ROWS), *row;
	char verdict[16];
	size_t i;

	read_text(rd, o, "name", s->name, sizeof(s->name));
	read_text(rd, o, "cpus", s->cpus, sizeof(s->cpus));
	read_text(rd, o, "how", s->how, sizeof(s->how));
	s->done = read_count(rd, o, "done");
	s->rounds = (unsigned int)read_int(rd, o, "rounds", 0, ROUNDS_MAX);
	read_text(rd, o, "verdict", verdict, sizeof(verdict));
	for (int v = VERDICT_NONE; v < NR_VERDICTS; v++)
		if (strcmp(verdict_name((enum verdict)v), verdict) == 0)
			s->verdict = (enum verdict)v;
	if (strcmp(verdict_name(s->verdict), verdict) != 0)
		reader_fail(rd, "verdict", "wanted PASS, FAIL ..., got '%s'",
			    verdict);
	read_text(rd, o, "reason", s->reason, sizeof(s->reason));
	s->nr_warnings = (unsigned int)read_int(rd, o, "warnings", 0,
						RESULT_MAX_WARNINGS);
	s->nr_rows = (unsigned int)json_array_size(a);
	s->rows = room_for(s->nr_rows + 1, sizeof(*s->rows),
			   "for what disturbances did");
	json_array_foreach (a, i, row)
		read_row(rd, row, r, &s->rows[i]);
}

void read_stress(struct reader *rd, const json_t *file, struct result *r)
{
	const json_t *a, *o;
	size_t i;

	if (!json_object_get(file, "stress"))
		return;
	a = read_array(rd, file, "stress", RESULT_MAX_STRESS);
	r->stress = room_for(RESULT_MAX_STRESS, sizeof(*r->stress),
			     "for what disturbances did");
	json_array_foreach (a, i, o) {
		reader_at(rd, "stress[", (unsigned int)i);
		read_one(rd, o, r, &r->stress[r->nr_stress++]);
	}
	reader_at(rd, NULL, 0);
}
