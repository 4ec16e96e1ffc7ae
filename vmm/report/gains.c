/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gains.c - variants against their base: what leaving something out
 * gains, and whether it was on the critical path.
 */
#include "vmm/report/report.h"
#include "vmm/statistics/dist.h"

#define P50 50000

static void gain_row(const struct result *r, const struct result_metric *m,
		     FILE *out)
{
	struct dist d = metric_dist(m);
	struct result_gain g;

	fprintf(out, "  %-22s", m->name);
	if (!result_gain(m, &g)) {
		fprintf(out, " not enough samples to compare\n");
		return;
	}
	report_cell(out, 8, (double)dist_count(&d));
	report_cell(out, 9, result_value(r, dist_quantile(&d, P50)));
	report_cell(out, 9, result_value(r, g.gain));
	report_cell(out, 9, result_value(r, g.low));
	fprintf(out, " ..");
	report_cell(out, 9, result_value(r, g.high));
	if (g.unit)
		report_cell(out, 9, result_value(r, g.unit));
	else
		fprintf(out, " %9s", "-");
	fprintf(out, "  %s\n", g.judged);
}

static void gain_head(const struct result *r, const struct result_metric *base,
		      FILE *out)
{
	struct dist d = metric_dist(base);

	fprintf(out, "gain against %s", base->name);
	if (gain_usable(base)) {
		fprintf(out, ", p50 ");
		report_cell(out, 0, result_value(r, dist_quantile(&d, P50)));
		fprintf(out, " %s", result_unit(r));
	}
	fprintf(out, "\n  %-22s %8s %9s %9s %21s %9s\n", "switched off",
		"samples", result_insns(r) ? "p50" : "p50 ns", "gain",
		"95 % interval", "by itself");
}

void report_gains(const struct result *r, FILE *out)
{
	const struct result_metric *base = NULL;

	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		const struct result_metric *m = &r->metrics[i];

		/* Of what was skipped there is nothing to compare with. */
		if (!m->base || m->base->status == METRIC_SKIP)
			continue;
		if (m->base != base)
			gain_head(r, m->base, out);
		base = m->base;
		gain_row(r, m, out);
	}
}
