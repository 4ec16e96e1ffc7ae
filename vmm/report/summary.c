/* SPDX-License-Identifier: BSD-2-Clause */
/* summary.c - a line for each run of several. */
#include <string.h>

#include "vmm/base/verdict.h"
#include "vmm/report/text.h"
#include "vmm/report/wrap.h"

#define MORE	   "..."
#define WARNED_LEN 14 /* ", 99 warnings" */

void report_summary_head(const struct ticks *t, FILE *out)
{
	fprintf(out, "in %-21s %8s %10s %10s %10s %10s %10s %11s  %s\n",
		ticks_unit(t), "samples", "min", "p50", "p90", "p99", "p99.9",
		"max", "verdict");
}

/* Whole words of it, as far as a terminal is wide. */
void report_summary_why(const char *label, enum verdict verdict,
			const char *reason, unsigned int nr_warnings, FILE *out)
{
	int column = fprintf(out, "%-24s %8s %s: ", label, "",
			     verdict_name(verdict));
	int room = TEXT_WIDTH - column - (nr_warnings ? WARNED_LEN : 0);
	int len = (int)strlen(reason);

	if (len <= room) {
		fputs(reason, out);
	} else {
		len = room - (int)strlen(MORE);
		while (len > 0 && reason[len] != ' ')
			len--;
		fprintf(out, "%.*s%s", len > 0 ? len : 0, reason, MORE);
	}
	report_warned(nr_warnings, out);
	fputc('\n', out);
}

/* One line for all vCPUs: what was merged stands for its parts. */
static bool in_summary(const struct result *r, const struct result_metric *m)
{
	return !(m->flags & METRIC_PER_OP) && result_is_shown(m) &&
	       m->analysis.count != 0 && (m->vcpu_set || !text_is_shared(r, m));
}

static void summary_row(const struct result *r, const struct result_metric *m,
			const char *label, bool with_name, FILE *out)
{
	char name[96];

	if (!in_summary(r, m))
		return;
	snprintf(name, sizeof(name), "%s%s%s", label, with_name ? " " : "",
		 with_name ? m->name : "");
	fprintf(out, "%-24s", name);
	text_value_cells(r, &m->analysis, out);
	fprintf(out, "  %s", verdict_name(r->verdict));
	report_warned(r->nr_warnings, out);
	report_lost(m->missed, m->analysis.out_of_range, out);
	fputc('\n', out);
}

/* Its rows are operations, too many for a summary. */
static bool has_operations(const struct result *r)
{
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		if (r->metrics[i].flags & METRIC_PER_OP &&
		    r->metrics[i].analysis.count != 0)
			return true;
	return false;
}

void report_summary(const struct result *r, const char *label, FILE *out)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < r->nr_metrics; i++)
		nr += in_summary(r, &r->metrics[i]);
	for (unsigned int i = 0; i < r->nr_merged; i++)
		nr += in_summary(r, &r->merged[i]);
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		summary_row(r, &r->metrics[i], label, nr > 1, out);
	for (unsigned int i = 0; i < r->nr_merged; i++)
		summary_row(r, &r->merged[i], label, nr > 1, out);
	if (nr)
		return;
	if (r->reason[0]) {
		report_summary_why(label, r->verdict, r->reason, r->nr_warnings,
				   out);
		return;
	}
	fprintf(out, "%-24s %8s %-66s  %s", label, "",
		has_operations(r) ? "its table is above" : "",
		verdict_name(r->verdict));
	report_warned(r->nr_warnings, out);
	fputc('\n', out);
}
