/* SPDX-License-Identifier: BSD-2-Clause */
/* write_phases.c - see write_parts.h. */
#include "vmm/result/write_parts.h"
#include "vmm/statistics/phases.h"

static json_t *write_phase(const struct result *r, const struct phases *p,
			   unsigned int i)
{
	json_t *o = json_object();
	uint64_t nr = phases_count(p, i);

	set(o, "samples", number(nr));
	if (nr == 0)
		return o;
	set(o, "p50", time_value(r, (int64_t)phases_median(p, i)));
	set(o, "max", time_value(r, p->max[i]));
	set(o, "bins", write_bins(p->bin[i], PHASES_BINS));
	return o;
}

json_t *write_phases(const struct result *r, const struct result_metric *m)
{
	unsigned int low = 0, high = 0;
	json_t *o = json_object(), *a = json_array();

	set(o, "period", time_value(r, (int64_t)m->phases->period));
	set(o, "differ",
	    json_boolean(phases_differ(m->phases, m->analysis.quantile[0].worth,
				       &low, &high)));
	for (unsigned int i = 0; i < PHASES_NR; i++)
		json_array_append_new(a, write_phase(r, m->phases, i));
	set(o, "phases", a);
	return o;
}
