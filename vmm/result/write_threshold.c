/* SPDX-License-Identifier: BSD-2-Clause */
/* write_threshold.c - see write_parts.h: what became of --fail-if. */
#include "vmm/result/judge.h"
#include "vmm/result/write_parts.h"

static json_t *measured(const struct result *r, const struct judgement *j)
{
	if (j->outcome == JUDGE_NOT)
		return json_null();
	return threshold_is_count(j->threshold) ? number(j->count)
						: real_time(r, j->measured);
}

json_t *write_thresholds(const struct result *r)
{
	json_t *a = json_array();

	for (unsigned int i = 0; i < r->nr_judged; i++) {
		const struct judgement *j = &r->judged[i];
		const struct result_metric *m = j->metric;
		json_t *o = json_object();

		set_text(o, "expr", j->threshold->text);
		set(o, "metric", m ? json_string(m->name) : json_null());
		set(o, "vcpu", m ? number(m->vcpu) : json_null());
		set(o, "measured", measured(r, j));
		set(o, "broken", json_boolean(j->outcome != JUDGE_KEPT));
		if (j->outcome == JUDGE_NOT)
			set_text(o, "reason", j->why);
		json_array_append_new(a, o);
	}
	return a;
}
