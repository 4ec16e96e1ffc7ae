/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gains.c - variants against their base: what leaving something out
 * gains, and whether it was on the critical path.
 */
#include "vmm/base/text.h"
#include "vmm/report/report.h"
#include "vmm/statistics/dist.h"

#define P50 50000

static void gain_row(const struct result *r, const struct result_metric *m,
		     FILE *out)
{
	struct dist d = metric_dist(m);
	struct result_gain g;

	fprintf(out, "  %-19s", m->name);
	if (!gain_usable(m) || !result_gain(r, m, &g)) {
		fprintf(out, " not enough samples to compare\n");
		return;
	}
	report_cell(out, 7, (double)dist_count(&d));
	report_cell(out, 9, result_value(r, dist_quantile(&d, P50)));
	report_cell(out, 9, result_value(r, g.gain));
	report_cell(out, 8, result_value(r, g.low));
	fprintf(out, " ..");
	report_cell(out, 8, result_value(r, g.high));
	fprintf(out, "  %s\n", g.judged);
}

static void print_p50(const struct result *r, const struct result_metric *m,
		      FILE *out)
{
	struct dist d = metric_dist(m);

	report_cell(out, 0, result_value(r, dist_quantile(&d, P50)));
}

/* Of what its rows' intervals are: "of this run" and the like. */
static void print_reach(const struct result_metric *base, FILE *out)
{
	if (base->nr_rounds == 0)
		fprintf(out, "of this run");
	else if (base->nr_rounds < ANALYSIS_LEAST_ROUNDS)
		fprintf(out, "of these %u round%s only", base->nr_rounds,
			plural(base->nr_rounds));
	else
		fprintf(out, "of this host, %u rounds", base->nr_rounds);
}

/* "gain against base, p50 123 ns; timer_write alone 12" */
static void gain_head(const struct result *r, const struct result_metric *base,
		      const struct result_metric *unit, FILE *out)
{
	fprintf(out, "gain against %s", base->name);
	if (gain_usable(base)) {
		fprintf(out, ", p50 ");
		print_p50(r, base, out);
		fprintf(out, " %s", result_unit(r));
	}
	if (unit && gain_usable(unit)) {
		fprintf(out, "; %s alone ", unit->name);
		print_p50(r, unit, out);
	}
	/* A way that is another one as a whole leaves out nothing. */
	fprintf(out, "\n  %-19s %7s %9s %9s %20s\n",
		unit ? "switched off" : "instead of it", "samples",
		result_insns(r) ? "p50" : "p50 ns", "gain", "95 % interval");
}

/* Its rows, under one heading. */
static void print_table(const struct result *r,
			const struct result_metric *base, FILE *out)
{
	const struct result_metric *unit = NULL;
	unsigned int nr = 0;

	for (unsigned int i = 0; i < r->nr_metrics; i++)
		if (r->metrics[i].base == base && r->metrics[i].unit)
			unit = r->metrics[i].unit;
	gain_head(r, base, unit, out);
	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		if (r->metrics[i].base != base)
			continue;
		gain_row(r, &r->metrics[i], out);
		nr++;
	}
	fprintf(out, "  ");
	print_reach(base, out);
	if (nr > 1)
		fprintf(out,
			": with 95 %% all %u gains are in their intervals\n",
			nr);
	else
		fprintf(out, ": with 95 %% the gain is in its interval\n");
}

void report_gains(const struct result *r, FILE *out)
{
	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		const struct result_metric *base = r->metrics[i].base;
		bool before = false;

		for (unsigned int k = 0; k < i; k++)
			before |= r->metrics[k].base == base;
		/* Of what was skipped there is nothing to compare with. */
		if (base && !before && base->status != METRIC_SKIP)
			print_table(r, base, out);
	}
}
