/* SPDX-License-Identifier: BSD-2-Clause */
/* deadlines.c - what a metric's samples do not have, for people: text.h. */
#include "vmm/result/deadlines.h"
#include "vmm/report/text.h"

#define WIDTH 79

/* " p50 1,234,", on a new line where there is no room; the column then. */
static int figure(const struct result *r, const char *name, int64_t value,
		  const char *end, int column, FILE *out)
{
	char number[TEXT_GROUPED_LEN], text[TEXT_GROUPED_LEN + 16];
	int len = snprintf(
		text, sizeof(text), " %s %s%s", name,
		report_grouped(number, sizeof(number), result_value(r, value)),
		end);

	if (column + len > WIDTH) {
		fprintf(out, "\n   ");
		column = 3;
	}
	fputs(text, out);
	return column + len;
}

/* "of deadlines, in ns: p50 1,234, ..., max 5,678" */
static void percentiles(const struct result *r, const struct result_metric *m,
			FILE *out)
{
	struct dist d = metric_deadlines(m);
	int column = fprintf(out, "  of deadlines, in %s:", result_unit(r));

	for (int i = 0; i < NR_REPORT_QUANTILES; i++) {
		const struct report_quantile *q = &report_quantiles[i];

		if (dist_supports(&d, q->q))
			column = figure(r, q->name, dist_quantile(&d, q->q),
					",", column, out);
	}
	figure(r, "max", dist_max(&d), "\n", column, out);
}

static void missed(const struct result *r, const struct result_metric *m,
		   FILE *out)
{
	double all = (double)result_deadlines(m);

	fprintf(out, "  missed: ");
	report_cell(out, 0, (double)m->missed);
	fprintf(out, " of ");
	report_cell(out, 0, all);
	fprintf(out, " deadlines");
	if (m->missed)
		fprintf(out, " (%.3g %%), late by a period at least",
			(double)m->missed * 100 / all);
	fputc('\n', out);
	if (m->deadlines)
		percentiles(r, m, out);
}

/* "blind: for 147.8 of 3,148.0 ms an event was due and not sent" */
static void blind(const struct result *r, const struct result_metric *m,
		  FILE *out)
{
	double part = result_value(r, (int64_t)m->blind);
	double all = result_value(r, (int64_t)m->window->counts.tsc);

	if (result_insns(r))
		fprintf(out, "  blind: for %.0f of %.0f instructions", part,
			all);
	else
		fprintf(out, "  blind: for %.1f of %.1f ms", part / 1e6,
			all / 1e6);
	fputs(" an event was due and not sent\n", out);
}

void report_unsampled(const struct result *r, const struct result_metric *m,
		      FILE *out)
{
	if (m->flags & METRIC_DEADLINES && m->hist)
		missed(r, m, out);
	if (m->blind && m->window)
		blind(r, m, out);
}
