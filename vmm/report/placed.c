/* SPDX-License-Identifier: BSD-2-Clause */
/* placed.c - see text.h: what was chosen for a run, and why. */
#include <string.h>

#include "vmm/report/text.h"
#include "vmm/report/wrap.h"

#define INDENT 6

static bool is_one_for_all(const struct result *r)
{
	for (uint32_t i = 0; i < r->nr_vcpus; i++)
		if (!r->vcpus[i].policy_known ||
		    !policy_equal(&r->vcpus[i].policy, &r->vcpus[0].policy))
			return false;
	return true;
}

void report_policies(const struct result *r, FILE *out)
{
	const struct result_machine *m = &r->machine;
	bool one = is_one_for_all(r), known = r->vcpus[0].policy_known;

	if (!known && m->realtime)
		fprintf(out, "SCHED_FIFO %d", m->priority);
	if (known && (m->realtime || !one)) {
		fprintf(out, "%s", m->realtime ? "" : " (");
		for (uint32_t i = 0; i < (one ? 1 : r->nr_vcpus); i++) {
			char text[POLICY_TEXT_LEN];

			policy_text(&r->vcpus[i].policy, text);
			fprintf(out, "%s%s", i ? ", " : "", text);
		}
		fprintf(out, "%s", m->realtime ? "" : ")");
	}
	if (m->realtime && m->priority_why[0])
		fprintf(out, " %s", m->priority_why);
}

static void print_cpus(const struct result_placed *m, const char *cpus,
		       FILE *to)
{
	struct paragraph p;
	FILE *out = paragraph_begin(&p);

	fprintf(out, "CPUs: %s%schosen by --cpus auto: %s", cpus,
		cpus[0] ? ", " : "", m->why);
	paragraph_end(&p, out, to, INDENT);
}

void report_placed(const struct result_placed *m, const char *cpus, FILE *out)
{
	if (m->chosen == CPUS_AUTO)
		print_cpus(m, cpus, out);
	if (m->housekeeping_named)
		fprintf(out, "housekeeping: all other threads on CPU %s\n",
			m->housekeeping);
	if (!m->nodes[0] || strcmp(m->memory_why, PLACED_ONE_NODE) == 0)
		return;
	if (m->memory_why[0])
		fprintf(out, "memory: not bound to node %s (%s)\n", m->nodes,
			m->memory_why);
	else
		fprintf(out, "memory: bound to node %s\n", m->nodes);
}
