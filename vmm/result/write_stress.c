/* SPDX-License-Identifier: BSD-2-Clause */
/* write_stress.c - see write_parts.h: what disturbances did. */
#include "vmm/base/verdict.h"
#include "vmm/result/stress_take.h"
#include "vmm/result/write_parts.h"

static json_t *percentiles(const struct result *r, const struct analysis *a)
{
	json_t *o = json_object();

	for (int i = 0; i < NR_REPORT_QUANTILES; i++)
		if (a->quantile[i].supported)
			set(o, report_quantiles[i].name,
			    time_value(r, a->quantile[i].value));
	return o;
}

/* By how much more than without it. */
static json_t *differences(const struct result *r, const struct analysis *a,
			   const struct analysis *quiet)
{
	json_t *o = json_object();

	for (int i = 0; i < NR_REPORT_QUANTILES; i++)
		if (a->quantile[i].supported && quiet->quantile[i].supported)
			set(o, report_quantiles[i].name,
			    time_value(r,
				       stress_more(a->quantile[i].value,
						   quiet->quantile[i].value)));
	set(o, "max", time_value(r, stress_more(a->max, quiet->max)));
	return o;
}

static json_t *row(const struct result *r, const struct stress_row *row)
{
	const struct result_metric *quiet = stress_quiet(r, row);
	json_t *o = json_object();

	set_text(o, "metric", row->name);
	if (row->vcpu_set)
		set(o, "vcpus", write_hex(row->vcpu_set));
	set(o, "vcpu", number(row->vcpu));
	set(o, "samples", number(row->a.count));
	set(o, "min", time_value(r, row->a.min));
	set(o, "percentiles", percentiles(r, &row->a));
	set(o, "max", time_value(r, row->a.max));
	if (quiet && quiet->analysis.count)
		set(o, "more", differences(r, &row->a, &quiet->analysis));
	return o;
}

json_t *write_stress(const struct result *r)
{
	json_t *all = json_array();

	for (unsigned int i = 0; i < r->nr_stress; i++) {
		const struct result_stress *s = &r->stress[i];
		json_t *o = json_object(), *rows = json_array();

		set_text(o, "name", s->name);
		set_text(o, "cpus", s->cpus);
		set_text(o, "how", s->how);
		set(o, "done", number(s->done));
		set(o, "rounds", number(s->rounds));
		set_text(o, "verdict", verdict_name(s->verdict));
		set_text(o, "reason", s->reason);
		set(o, "warnings", number(s->nr_warnings));
		for (unsigned int k = 0; k < s->nr_rows; k++)
			json_array_append_new(rows, row(r, &s->rows[k]));
		set(o, "metrics", rows);
		json_array_append_new(all, o);
	}
	return all;
}
