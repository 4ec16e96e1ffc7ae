/* SPDX-License-Identifier: BSD-2-Clause */
/* table_tall.c - a table of one metric, a line for each figure. */
#include "vmm/base/text.h"
#include "vmm/report/text.h"
#include "vmm/report/wrap.h"

static void line(const struct result *r, FILE *out, const char *name,
		 int64_t cycles)
{
	fprintf(out, "  %-10s", name);
	report_cell(out, 14, result_value(r, cycles));
	if (!result_insns(r))
		report_cell(out, 16, (double)cycles);
}

/* Between which values the true quantile is, as far as that is known. */
static void bounds(const struct result *r, const struct analysis_quantile *q,
		   FILE *out)
{
	if (!q->has_low && !q->has_high)
		return;
	fprintf(out, "   95 %%:");
	if (q->has_low)
		report_cell(out, 12, result_value(r, q->low));
	else
		fprintf(out, " %12s", "");
	if (!q->has_high) {
		fprintf(out, " or more");
		return;
	}
	fprintf(out, "%s", q->has_low ? " .." : " or less,");
	report_cell(out, 12, result_value(r, q->high));
}

/* What does not belong into a distribution, but must not be missed. */
static void counts(const struct result *r, const struct result_metric *m,
		   FILE *out)
{
	if (m->early)
		fprintf(out, "  early: %ju of them came too soon\n",
			(uintmax_t)m->early->count);
	report_unsampled(r, m, out);
	if (m->analysis.out_of_range)
		fprintf(out, "  out of range: %ju\n",
			(uintmax_t)m->analysis.out_of_range);
}

/*
 * Samples that follow one another are alike: of how many that are not the
 * percentiles tell, where that is less than half.
 */
static void worth(const struct analysis *a, FILE *out)
{
	const char *between = "  worth only as many independent samples:";
	char text[TEXT_GROUPED_LEN];

	for (int i = 0; i < NR_REPORT_QUANTILES; i++) {
		const struct analysis_quantile *q = &a->quantile[i];

		if (q->worth <= 0 || q->worth >= (double)a->count / 2)
			continue;
		fprintf(out, "%s %s %s", between, report_quantiles[i].name,
			report_grouped(text, sizeof(text), q->worth));
		between = ",";
	}
	if (*between == ',')
		fputc('\n', out);
}

/* Said to be an estimate: nothing beyond max was measured. */
static void tail(const struct result *r, const struct tail *t, FILE *out)
{
	char one_in[TEXT_GROUPED_LEN], level[TEXT_GROUPED_LEN];
	char low[TEXT_GROUPED_LEN], text[256];

	if (t->refused) {
		snprintf(text, sizeof(text), "tail estimate: %s", t->refused);
		text_wrap(out, 4, "  no", text, false);
		return;
	}
	snprintf(text, sizeof(text),
		 "estimate (not measured): an event in %s samples is above "
		 "%s %s, 95 %%: above %s; the %u largest samples are %u events",
		 report_grouped(one_in, sizeof(one_in), t->one_in),
		 report_grouped(level, sizeof(level),
				result_value_of(r, t->level)),
		 result_unit(r),
		 report_grouped(low, sizeof(low), result_value_of(r, t->low)),
		 t->samples, t->events);
	text_wrap(out, 4, "  tail", text, false);
}

static void one_run(const struct result *r, const struct analysis *a, FILE *out)
{
	if (result_insns(r))
		fprintf(out, "  %-10s %14s   %s\n", "", result_unit(r),
			"of this run");
	else
		fprintf(out, "  %-10s %14s %16s   %s\n", "", "ns", "cycles",
			"of this run, in ns");
	line(r, out, "min", a->min);
	fputc('\n', out);
	for (int i = 0; i < NR_REPORT_QUANTILES; i++) {
		const struct analysis_quantile *q = &a->quantile[i];

		if (!q->supported)
			continue;
		line(r, out, report_quantiles[i].name, q->value);
		bounds(r, q, out);
		fputc('\n', out);
	}
	line(r, out, "max", a->max);
	fputc('\n', out);
}

void report_tall(const struct result *r, const struct result_metric *m,
		 FILE *out)
{
	const struct analysis *a = &m->analysis;
	double exits = result_exits_per_sample(r, m);
	char label[TEXT_LABEL_LEN];

	if (m->status == METRIC_SKIP) {
		fprintf(out, "%s: SKIP: %s\n", m->name, m->reason);
		return;
	}
	if (a->count == 0) {
		fprintf(out, "%s: no samples\n", text_label(r, m, label));
		counts(r, m, out);
		report_window(r, m, out);
		return;
	}
	fprintf(out, "%s ", text_label(r, m, label));
	report_cell(out, 0, (double)a->count);
	fprintf(out, " sample%s", plural(a->count));
	if (m->nr_rounds)
		fprintf(out, " in %u round%s", m->nr_rounds,
			plural(m->nr_rounds));
	fprintf(out, "%s\n", m->status == METRIC_DONE ? "" : ", not finished");
	if (m->nr_rounds)
		report_rounds(r, m, out);
	else
		one_run(r, a, out);
	worth(a, out);
	if (m->has_tail)
		tail(r, &m->tail, out);
	counts(r, m, out);
	report_phases(r, m, out);
	report_paths(r, m, out);
	if (exits >= 0 && !(m->flags & METRIC_GAPS))
		fprintf(out, "  exits of vCPU %u: %.2f each by KVM's count\n",
			m->vcpu, exits);
	report_window(r, m, out);
}
