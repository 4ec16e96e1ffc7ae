/* SPDX-License-Identifier: BSD-2-Clause */
/* rival.c - what the rival did, for people. */
#include "vmm/report/report.h"

void report_rival(const struct result *r, FILE *out)
{
	const struct rival *rival = &r->vm->rival;

	if (rival->prio == 0)
		return;
	fprintf(out, "rival: took CPU %d ", rival->cpu);
	report_cell(out, 0, (double)rival->bursts);
	fprintf(out, " times, SCHED_FIFO %d, for ", rival->prio);
	report_cell(out, 0,
		    result_value(r, (int64_t)rival->burnt_tsc) /
			    (result_insns(r) ? 1 : 1e6));
	fprintf(out, " %s in all\n", result_insns(r) ? result_unit(r) : "ms");
}
