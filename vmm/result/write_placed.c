/* SPDX-License-Identifier: BSD-2-Clause */
/* write_placed.c - see write_parts.h: where threads and memory were. */
#include "vmm/result/write_parts.h"

json_t *write_policy(const struct policy *p)
{
	json_t *o = json_object();

	set_text(o, "policy", policy_name(p->kind));
	if (policy_has_prio(p))
		set(o, "priority", json_integer(p->prio));
	if (p->kind == POLICY_DEADLINE) {
		set(o, "runtime_us", number(p->runtime_us));
		set(o, "deadline_us", number(p->deadline_us));
		set(o, "period_us", number(p->period_us));
	}
	return o;
}

static json_t *memory(const struct result_placed *p)
{
	json_t *o = json_object();

	set_text(o, "nodes", p->nodes);
	set(o, "bound", json_boolean(!p->memory_why[0]));
	if (p->memory_why[0])
		set_text(o, "reason", p->memory_why);
	return o;
}

json_t *write_placed(const struct result_placed *p)
{
	json_t *o = json_object();

	set_text(o, "cpus", cpus_chosen_name(p->chosen));
	if (p->why[0])
		set_text(o, "reason", p->why);
	if (p->housekeeping[0]) {
		set_text(o, "housekeeping", p->housekeeping);
		set(o, "housekeeping_named",
		    json_boolean(p->housekeeping_named));
	}
	if (p->nodes[0])
		set(o, "memory", memory(p));
	if (p->overruns_known)
		set(o, "overruns", number(p->overruns));
	return o;
}
