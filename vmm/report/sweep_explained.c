/* SPDX-License-Identifier: BSD-2-Clause */
/* sweep_explained.c - what --explain found in each row of a sweep: sweep.h. */
#include "vmm/report/report.h"
#include "vmm/report/sweep.h"

static void print_row(const struct sweep *s, unsigned int row, FILE *out)
{
	const struct result_trace *t = &s->rows[row].trace;
	char name[SWEEP_LABEL_LEN] = "", label[SWEEP_LABEL_LEN + 16];

	grid_label(&s->grid, row, -1, name, sizeof(name));
	for (unsigned int k = 0; k < t->nr; k++) {
		snprintf(label, sizeof(label), "%s",
			 name[0] ? name : s->note->name);
		if (t->nr > 1)
			snprintf(label, sizeof(label), "%s vCPU %u", name,
				 t->list[k].metric);
		report_explained(&t->list[k], label, &s->ticks, s->tsc_khz,
				 out);
	}
}

void report_sweep_explained(const struct sweep *s, FILE *out)
{
	bool any = false;

	for (unsigned int i = 0; i < s->grid.nr_rows; i++) {
		if (s->rows[i].trace.nr && !any) {
			fputc('\n', out);
			report_explained_head(&s->ticks, out);
			any = true;
		}
		print_row(s, i, out);
	}
	if (any)
		fputs("all of a row: run it by itself with --explain, or see "
		      "--json\n",
		      out);
}
