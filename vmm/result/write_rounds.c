/* SPDX-License-Identifier: BSD-2-Clause */
/* write_rounds.c - see write_parts.h. */
#include "vmm/result/write_parts.h"

static json_t *percentiles(const struct result *r, const struct analysis *a)
{
	json_t *o = json_object();

	for (int i = 0; i < NR_REPORT_QUANTILES; i++) {
		const struct analysis_quantile *q = &a->quantile[i];
		json_t *p;

		if (!q->supported)
			continue;
		p = time_value(r, q->value);
		set(p, "worth", json_real(q->worth));
		set(p, "worth_least", json_real(q->worth_least));
		set(p, "events", json_real(q->events));
		set(o, report_quantiles[i].name, p);
	}
	return o;
}

json_t *write_rounds(const struct result *r, const struct result_metric *m)
{
	json_t *all = json_array();

	for (unsigned int i = 0; i < m->nr_rounds; i++) {
		const struct analysis *a = &m->rounds[i];
		json_t *o = json_object();

		set(o, "samples", number(a->count));
		set(o, "out_of_range", number(a->out_of_range));
		set(o, "min", time_value(r, a->min));
		set(o, "max", time_value(r, a->max));
		set(o, "mean", real_time(r, a->mean));
		set(o, "percentiles", percentiles(r, a));
		json_array_append_new(all, o);
	}
	return all;
}
