/* SPDX-License-Identifier: BSD-2-Clause */
/* read_placed.c - see read_parts.h: where threads and memory were. */
#include <string.h>

#include "vmm/result/read_parts.h"

static enum cpus_chosen read_chosen(struct reader *rd, const json_t *o)
{
	char name[16];

	read_text(rd, o, "cpus", name, sizeof(name));
	for (int i = 0; i < NR_CPUS_CHOSEN; i++)
		if (strcmp(name, cpus_chosen_name((enum cpus_chosen)i)) == 0)
			return (enum cpus_chosen)i;
	reader_fail(rd, "cpus", "wanted named, default or auto, got '%s'",
		    name);
	return CPUS_NAMED;
}

static uint32_t read_us(struct reader *rd, const json_t *o, const char *key)
{
	return (uint32_t)read_int(rd, o, key, 0, POLICY_PERIOD_MAX_US);
}

void read_policy(struct reader *rd, const json_t *vcpu, struct result_vcpu *v)
{
	const json_t *o = maybe_object(rd, vcpu, "scheduling");
	struct policy *p = &v->policy;
	int kind = 0;
	char name[24];

	v->policy_known = o != NULL;
	if (!o)
		return;
	read_text(rd, o, "policy", name, sizeof(name));
	while (kind < NR_POLICY_KINDS &&
	       strcmp(name, policy_name((enum policy_kind)kind)) != 0)
		kind++;
	if (kind == NR_POLICY_KINDS) {
		reader_fail(rd, "policy",
			    "wanted SCHED_FIFO, _RR, _OTHER or "
			    "_DEADLINE, got '%s'",
			    name);
		return;
	}
	p->kind = (enum policy_kind)kind;
	if (policy_has_prio(p))
		p->prio = (int)read_int(rd, o, "priority", 1, 99);
	if (p->kind != POLICY_DEADLINE)
		return;
	p->runtime_us = read_us(rd, o, "runtime_us");
	p->deadline_us = read_us(rd, o, "deadline_us");
	p->period_us = read_us(rd, o, "period_us");
}

void read_placed(struct reader *rd, const json_t *machine,
		 struct result_placed *p)
{
	const json_t *o = maybe_object(rd, machine, "placement"), *memory;

	p->known = o != NULL;
	if (!o)
		return;
	reader_at(rd, "machine.placement", 0);
	p->chosen = read_chosen(rd, o);
	maybe_text(rd, o, "reason", p->why, sizeof(p->why));
	maybe_text(rd, o, "housekeeping", p->housekeeping,
		   sizeof(p->housekeeping));
	if (p->housekeeping[0])
		p->housekeeping_named = read_bool(rd, o, "housekeeping_named");
	memory = maybe_object(rd, o, "memory");
	if (memory) {
		read_text(rd, memory, "nodes", p->nodes, sizeof(p->nodes));
		maybe_text(rd, memory, "reason", p->memory_why,
			   sizeof(p->memory_why));
	}
	p->overruns_known = json_object_get(o, "overruns") != NULL;
	p->overruns = maybe_count(rd, o, "overruns");
	reader_at(rd, "machine", 0);
}
