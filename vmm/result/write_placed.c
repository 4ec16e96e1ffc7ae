/* SPDX-License-Identifier: BSD-2-Clause */
/* write_placed.c - see write_parts.h: where threads and memory were. */
#include "vmm/result/write_parts.h"

json_t *write_placed(const struct result_placed *p)
{
	json_t *o = json_object();

	set_text(o, "cpus", cpus_chosen_name(p->chosen));
	if (p->why[0])
		set_text(o, "reason", p->why);
	return o;
}
