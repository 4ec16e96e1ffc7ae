/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stress.c - each metric without and beside each disturbance, and what that
 * adds, for people.
 */
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/base/verdict.h"
#include "vmm/report/report.h"
#include "vmm/report/text.h"
#include "vmm/report/wrap.h"
#include "vmm/result/stress_take.h"

#define SHOWN 4 /* quantiles, p50 to p99.9 */
#define WIDTH 15

static void cell(const struct result *r, const struct analysis_quantile *q,
		 FILE *out)
{
	if (q->supported)
		report_cell(out, 10, result_value(r, q->value));
	else
		fprintf(out, " %10s", "-");
}

static void print_row(const struct result *r, const char *name,
		      const struct analysis *a, FILE *out)
{
	fprintf(out, "%-*.*s", WIDTH, WIDTH, name);
	report_cell(out, 8, (double)a->count);
	for (int i = 0; i < SHOWN; i++)
		cell(r, &a->quantile[i], out);
	report_cell(out, 10, result_value(r, a->max));
	fputc('\n', out);
}

static void more_cell(const struct result *r, int64_t cycles, FILE *out)
{
	char text[TEXT_GROUPED_LEN + 1] = "+";
	double value = result_value(r, cycles < 0 ? -cycles : cycles);

	text[0] = cycles < 0 ? '-' : '+';
	report_grouped(text + 1, sizeof(text) - 1, value);
	fprintf(out, " %10s", text);
}

/* "  more" by how much, below what it is of. */
static void print_more(const struct result *r, const struct analysis *a,
		       const struct analysis *quiet, FILE *out)
{
	fprintf(out, "%-*s%9s", WIDTH, "  more", "");
	for (int i = 0; i < SHOWN; i++) {
		const struct analysis_quantile *q = &a->quantile[i];

		if (q->supported && quiet->quantile[i].supported)
			more_cell(
				r,
				stress_more(q->value, quiet->quantile[i].value),
				out);
		else
			fprintf(out, " %10s", "-");
	}
	more_cell(r, stress_more(a->max, quiet->max), out);
	fputc('\n', out);
}

static bool is_in_a_row(const struct result *r, const struct result_metric *m)
{
	for (unsigned int i = 0; i < r->nr_stress; i++)
		if (stress_row_of(&r->stress[i], m))
			return true;
	return false;
}

static void print_metric(const struct result *r, const struct result_metric *m,
			 FILE *out)
{
	char label[TEXT_LABEL_LEN];

	if (!is_in_a_row(r, m) || m->analysis.count == 0)
		return;
	fprintf(out, "%s quiet and beside disturbances, in %s\n",
		text_label(r, m, label), result_unit(r));
	fprintf(out, "%-*s %8s %10s %10s %10s %10s %10s\n", WIDTH, "",
		"samples", report_quantiles[0].name, report_quantiles[1].name,
		report_quantiles[2].name, report_quantiles[3].name, "max");
	print_row(r, "quiet", &m->analysis, out);
	for (unsigned int i = 0; i < r->nr_stress; i++) {
		const struct stress_row *row = stress_row_of(&r->stress[i], m);

		if (!row)
			continue;
		print_row(r, r->stress[i].name, &row->a, out);
		print_more(r, &row->a, &m->analysis, out);
	}
}

static void print_what(const struct result_stress *s, FILE *to)
{
	struct paragraph p;
	FILE *out = paragraph_begin(&p);

	fprintf(out, "beside %s: %u round%s, on CPU %s: %s", s->name, s->rounds,
		plural(s->rounds), s->cpus, s->how);
	report_warned(s->nr_warnings, out);
	if (s->verdict != VERDICT_PASS)
		fprintf(out, "; %s%s%s", verdict_name(s->verdict),
			s->reason[0] ? ": " : "", s->reason);
	paragraph_end(&p, out, to, 2);
}

void report_stress(const struct result *r, FILE *out)
{
	if (r->nr_stress == 0)
		return;
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		if (!text_is_shared(r, &r->metrics[i]))
			print_metric(r, &r->metrics[i], out);
	for (unsigned int i = 0; i < r->nr_merged; i++)
		print_metric(r, &r->merged[i], out);
	for (unsigned int i = 0; i < r->nr_stress; i++)
		print_what(&r->stress[i], out);
}
