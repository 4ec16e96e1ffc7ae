/* SPDX-License-Identifier: BSD-2-Clause */
/* read_phases.c - see read_parts.h. */
#include <stdlib.h>

#include "vmm/base/die.h"
#include "vmm/result/read_parts.h"
#include "vmm/statistics/phases.h"

static void read_phase(struct reader *rd, const json_t *o, struct phases *p,
		       size_t i)
{
	if (!json_object_get(o, "bins"))
		return;
	p->max[i] = take_cycles(rd, json_object_get(o, "max"), "max");
	read_bins(rd, read_array(rd, o, "bins", PHASES_BINS), "phases",
		  p->bin[i], PHASES_BINS);
}

void read_phases(struct reader *rd, const json_t *o, struct result_metric *m)
{
	const json_t *phases = maybe_object(rd, o, "phases"), *a, *v;
	struct dist d = metric_dist(m);
	const char *wrong;
	struct phases *p;
	size_t i;

	if (!phases || !m->hist)
		return;
	p = m->phases = calloc(1, sizeof(*p));
	if (!p)
		die_errno("no memory for the phases of samples");
	phases_init(p,
		    (uint64_t)take_cycles(rd, json_object_get(phases, "period"),
					  "period"));
	a = read_array(rd, phases, "phases", PHASES_NR);
	json_array_foreach (a, i, v)
		read_phase(rd, v, p, i);
	wrong = phases_unlike(p, &d);
	if (wrong)
		reader_fail(rd, "phases", "%s", wrong);
}
