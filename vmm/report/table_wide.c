/* SPDX-License-Identifier: BSD-2-Clause */
/* table_wide.c - many metrics, a line each. */
#include <string.h>

#include "vmm/report/text.h"

#define WIDE_LABEL_LEN 24 /* or as its widest one */

/* exit-cost's test with nothing between the clock reads. */
#define BASELINE "rdtsc"

static void cycles_cell(const struct analysis_quantile *q, FILE *out)
{
	if (q->supported)
		report_cell(out, 10, (double)q->value);
	else
		fprintf(out, " %10s", "-");
}

static bool is_baseline(const struct result_metric *m)
{
	return strcmp(m->name, BASELINE) == 0 &&
	       m->analysis.quantile[0].supported;
}

/* The one that is the same vCPU's, or all vCPUs'; else any; NULL: none. */
static const struct result_metric *baseline_of(const struct result *r,
					       const struct result_metric *m)
{
	const struct result_metric *any = NULL;

	for (unsigned int i = 0; m->vcpu_set && i < r->nr_merged; i++)
		if (is_baseline(&r->merged[i]))
			return &r->merged[i];
	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		const struct result_metric *base = &r->metrics[i];

		if (!is_baseline(base))
			continue;
		if (base->vcpu == m->vcpu)
			return base;
		any = any ? any : base;
	}
	return any;
}

bool text_has_baseline(const struct result *r)
{
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		if (is_baseline(&r->metrics[i]))
			return true;
	return false;
}

/* Its median less the baseline's: an operation without the clock's time. */
static void above_cell(const struct result *r, const struct result_metric *m,
		       FILE *out)
{
	const struct result_metric *base = baseline_of(r, m);
	const struct analysis_quantile *q = &m->analysis.quantile[0];

	if (!base)
		return;
	if (q->supported)
		report_cell(
			out, 11,
			result_value(r, q->value) -
				result_value(r,
					     base->analysis.quantile[0].value));
	else
		fprintf(out, " %11s", "-");
}

static const char *wide_label(const struct result *r,
			      const struct result_metric *m, char *label)
{
	return text_is_shared(r, m) ? text_label(r, m, label) : m->name;
}

static int label_width(const struct result *r)
{
	char label[TEXT_LABEL_LEN];
	size_t width = WIDE_LABEL_LEN;

	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		const struct result_metric *m = &r->metrics[i];
		size_t len = strlen(wide_label(r, m, label));

		if (result_is_shown(m) && len > width)
			width = len;
	}
	for (unsigned int i = 0; i < r->nr_merged; i++) {
		size_t len = strlen(wide_label(r, &r->merged[i], label));

		if (r->merged[i].flags & METRIC_PER_OP && len > width)
			width = len;
	}
	return (int)width;
}

static void wide_row(const struct result *r, const struct result_metric *m,
		     int width, FILE *out)
{
	double exits = result_exits_per_sample(r, m);
	char label[TEXT_LABEL_LEN];

	fprintf(out, "%-*s", width, wide_label(r, m, label));
	if (m->status == METRIC_SKIP || m->analysis.count == 0) {
		fprintf(out, " %s%s\n",
			m->status == METRIC_SKIP ? "SKIP: " : "no samples",
			m->reason);
		return;
	}
	text_value_cells(r, &m->analysis, out);
	if (!result_insns(r))
		cycles_cell(&m->analysis.quantile[0], out);
	above_cell(r, m, out);
	if (exits >= 0)
		fprintf(out, " %6.2f", exits);
	else
		fprintf(out, " %6s", "-");
	fprintf(out, "%s",
		m->status == METRIC_TIMEOUT ? "  TIMEOUT"
		: m->status == METRIC_OPEN  ? "  not finished"
					    : "");
	report_lost(m->missed, m->analysis.out_of_range, out);
	fputc('\n', out);
}

static void wide_head(const struct result *r, int width, FILE *out)
{
	bool above = text_has_baseline(r);

	if (result_insns(r))
		fprintf(out, "%*s\n", width + 20, result_unit(r));
	else
		fprintf(out, "%-*s %8s %10s %53s %11s %10s%s\n", width, "", "",
			"ns", "", "", "cycles", above ? "          ns" : "");
	fprintf(out, "%-*s %8s %10s %10s %10s %10s %10s %11s", width, "test",
		"samples", "min", "p50", "p90", "p99", "p99.9", "max");
	if (!result_insns(r))
		fprintf(out, " %10s", "p50");
	fprintf(out, "%s %6s\n", above ? " above " BASELINE : "", "exits");
}

/* Those of the others are in no row. */
static void say_whose_exits(const struct result *r, FILE *out)
{
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		if (result_is_shown(&r->metrics[i]) &&
		    result_exits_per_sample(r, &r->metrics[i]) >= 0) {
			fputs(TEXT_WHOSE_EXITS, out);
			return;
		}
}

static bool any_is_shown(const struct result *r)
{
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		if (result_is_shown(&r->metrics[i]))
			return true;
	return false;
}

void report_wide(const struct result *r, FILE *out)
{
	int width = label_width(r);

	if (any_is_shown(r))
		wide_head(r, width, out);
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		if (result_is_shown(&r->metrics[i]))
			wide_row(r, &r->metrics[i], width, out);
	for (unsigned int i = 0; i < r->nr_merged; i++)
		if (result_is_shown(&r->merged[i]) &&
		    r->merged[i].flags & METRIC_PER_OP)
			wide_row(r, &r->merged[i], width, out);
	say_whose_exits(r, out);
}
