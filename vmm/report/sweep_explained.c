/* SPDX-License-Identifier: BSD-2-Clause */
/* sweep_explained.c - what --explain found in each row of a sweep: sweep.h. */
#include "vmm/report/report.h"
#include "vmm/report/sweep.h"

void report_sweep_explained(const struct sweep *s, FILE *out)
{
	bool any = false;

	for (unsigned int i = 0; i < s->grid.nr_rows; i++) {
		const struct result_trace *t = &s->rows[i].trace;
		char row[SWEEP_LABEL_LEN] = "", label[SWEEP_LABEL_LEN + 16];

		grid_label(&s->grid, i, -1, row, sizeof(row));
		for (unsigned int k = 0; k < t->nr; k++) {
			if (!any) {
				fputc('\n', out);
				report_explained_head(&s->ticks, out);
			}
			any = true;
			snprintf(label, sizeof(label), "%s",
				 row[0] ? row : s->note->name);
			if (t->nr > 1)
				snprintf(label, sizeof(label), "%s vCPU %u",
					 row, t->list[k].metric);
			report_explained(&t->list[k], label, &s->ticks,
					 s->tsc_khz, out);
		}
	}
	if (any)
		fputs("all of a row: run it by itself with --explain, or see "
		      "--json\n",
		      out);
}
