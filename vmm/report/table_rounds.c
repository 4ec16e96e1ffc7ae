/* SPDX-License-Identifier: BSD-2-Clause */
/* table_rounds.c - the figures of a metric that was measured in rounds. */
#include "vmm/report/text.h"

struct spread {
	int64_t least, most; /* of a round, cycles */
};

static void row(const struct result *r, const char *name, int64_t value,
		const struct spread *s, FILE *out)
{
	fprintf(out, "  %-8s", name);
	report_cell(out, 11, result_value(r, value));
	fputs("  ", out);
	report_cell(out, 10, result_value(r, s->least));
	fputs(" ..", out);
	report_cell(out, 10, result_value(r, s->most));
}

static void bounds(const struct result *r, const struct analysis_quantile *q,
		   FILE *out)
{
	if (!q->has_low)
		return;
	fputs("   95 %:", out);
	report_cell(out, 9, result_value(r, q->low));
	if (!q->has_high) {
		fputs(" or more", out);
		return;
	}
	fputs(" ..", out);
	report_cell(out, 8, result_value(r, q->high));
}

static void widen(struct spread *s, unsigned int round, int64_t value)
{
	if (round == 0 || value < s->least)
		s->least = value;
	if (round == 0 || value > s->most)
		s->most = value;
}

static void extremes(const struct result *r, const struct result_metric *m,
		     bool max, FILE *out)
{
	struct spread s = {.least = 0};

	for (unsigned int k = 0; k < m->nr_rounds; k++)
		widen(&s, k, max ? m->rounds[k].max : m->rounds[k].min);
	row(r, max ? "max" : "min", max ? m->analysis.max : m->analysis.min, &s,
	    out);
	fputc('\n', out);
}

/* A round that has too few samples for it shows it at its largest. */
static void quantile(const struct result *r, const struct result_metric *m,
		     int i, FILE *out)
{
	const struct analysis_quantile *q = &m->analysis.quantile[i];
	struct spread s = {.least = 0};

	if (!q->supported)
		return;
	for (unsigned int k = 0; k < m->nr_rounds; k++) {
		const struct analysis *a = &m->rounds[k];

		widen(&s, k,
		      a->quantile[i].supported ? a->quantile[i].value : a->max);
	}
	row(r, report_quantiles[i].name, q->value, &s, out);
	bounds(r, q, out);
	fputc('\n', out);
}

void report_rounds(const struct result *r, const struct result_metric *m,
		   FILE *out)
{
	fprintf(out, "  %-8s %11s  %24s", "", result_unit(r),
		"least and most of a round");
	if (m->nr_rounds >= ANALYSIS_LEAST_ROUNDS)
		fprintf(out, "   of this host, %u rounds", m->nr_rounds);
	fputc('\n', out);
	extremes(r, m, false, out);
	for (int i = 0; i < NR_REPORT_QUANTILES; i++)
		quantile(r, m, i, out);
	extremes(r, m, true, out);
	if (m->nr_rounds < ANALYSIS_LEAST_ROUNDS)
		fprintf(out,
			"  fewer than %d rounds tell nothing of other runs\n",
			ANALYSIS_LEAST_ROUNDS);
}
