/* SPDX-License-Identifier: BSD-2-Clause */
/* phases.c - samples by the phase of the host's tick, for people: text.h. */
#include "vmm/statistics/phases.h"
#include "vmm/report/text.h"

static void median(const struct result *r, const struct phases *p,
		   unsigned int phase, FILE *out)
{
	report_cell(out, 0, result_value(r, (int64_t)phases_median(p, phase)));
}

void report_phases(const struct result *r, const struct result_metric *m,
		   FILE *out)
{
	unsigned int low = 0, high = 0;

	if (!m->phases ||
	    !phases_differ(m->phases, m->analysis.quantile[0].worth, &low,
			   &high))
		return;
	fprintf(out, "  by phase of the host's tick, ");
	report_cell(out, 0, result_value(r, (int64_t)m->phases->period));
	fprintf(out, " %s: p50 ", result_unit(r));
	median(r, m->phases, low, out);
	fprintf(out, " in sixteenth %u, ", low);
	median(r, m->phases, high, out);
	fprintf(out, " in %u\n", high);
}
