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

void read_placed(struct reader *rd, const json_t *machine,
		 struct result_placed *p)
{
	const json_t *o = maybe_object(rd, machine, "placement");

	p->known = o != NULL;
	if (!o)
		return;
	reader_at(rd, "machine.placement", 0);
	p->chosen = read_chosen(rd, o);
	maybe_text(rd, o, "reason", p->why, sizeof(p->why));
	reader_at(rd, "machine", 0);
}
