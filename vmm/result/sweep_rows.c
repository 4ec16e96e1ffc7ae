/* SPDX-License-Identifier: BSD-2-Clause */
/* sweep_rows.c - see sweep_rows.h. */
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/result/explain_pool.h"
#include "vmm/result/figures.h"
#include "vmm/result/sweep_rows.h"

static void take_metric(struct sweep_row *row, const struct result *r,
			const struct result_metric *m)
{
	double exits = result_exits_per_sample(r, m);
	struct dist d = metric_dist(m);

	if (!result_gather(&row->late, m->hist) ||
	    !result_gather(&row->early, m->early)) {
		row->status = verdict_worse_status(
			row->status, verdict_status(VERDICT_ERROR));
		snprintf(row->reason, sizeof(row->reason),
			 "metric %s: its rounds count more samples than there "
			 "can be",
			 m->name);
		return;
	}
	row->missed += m->missed;
	if (m->window) {
		const struct result_counts *n = &m->window->counts;

		row->window_ns += result_ns(r, (int64_t)n->tsc);
		row->cpu_ns += (double)n->cpu_ns;
	}
	if (exits < 0)
		return;
	row->exits += (uint64_t)(exits * (double)dist_count(&d) + 0.5);
	row->exits_of += dist_count(&d);
}

/* What one round gave: of all vCPUs together, where several have the metric. */
static void take_round(struct sweep_row *row, const struct result_metric *m)
{
	if (m)
		result_add_round(&row->each, &row->rounds, &m->analysis);
}

static void take_warnings(struct sweep_row *row, const struct result *r)
{
	if (r->nr_warnings == 0)
		return;
	row->warnings =
		reallocarray(row->warnings, row->nr_warnings + r->nr_warnings,
			     sizeof(*row->warnings));
	if (!row->warnings)
		die_errno("no memory for the sweep");
	memcpy(row->warnings + row->nr_warnings, r->warnings,
	       r->nr_warnings * sizeof(*row->warnings));
	row->nr_warnings += r->nr_warnings;
}

/* A payload whose samples are of another kind in each round is hostile. */
static void take_trace(struct sweep_row *row, const struct result *r,
		       const char *metric, unsigned int round)
{
	trace_pool(&row->trace, &r->trace);
	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		const struct result_metric *m = &r->metrics[i];

		if (strcmp(m->name, metric) != 0 ||
		    trace_pool_metric(&row->trace, m->vcpu, &r->trace, i,
				      round))
			continue;
		row->status = verdict_worse_status(
			row->status, verdict_status(VERDICT_ERROR));
		snprintf(row->reason, sizeof(row->reason),
			 "metric %s: its rounds have different kinds of "
			 "samples",
			 m->name);
	}
}

void sweep_row_add(struct sweep_row *row, const struct result *r,
		   const char *metric, unsigned int round)
{
	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		const struct result_metric *m = &r->metrics[i];

		if (strcmp(m->name, metric) == 0 && metric_has_samples(m))
			take_metric(row, r, m);
	}
	take_round(row, result_find_metric(r, metric));
	take_warnings(row, r);
	take_trace(row, r, metric, round);
}

void sweep_rows_end(struct sweep_row *rows, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		trace_pool_end(&rows[i].trace);
}

struct sweep_spread sweep_spread(const struct sweep_row *row, int quantile)
{
	struct sweep_spread s = {.least = INT64_MAX, .most = INT64_MIN};

	for (unsigned int i = 0; i < row->rounds; i++) {
		int64_t value = row->each[i].quantile[quantile].value;

		if (value < s.least)
			s.least = value;
		if (value > s.most)
			s.most = value;
	}
	return s;
}

void sweep_analyse(const struct sweep_row *row, struct analysis *a)
{
	struct dist d = sweep_dist(row);

	analysis_of_rounds(a, &d, row->each, row->rounds);
}

void sweep_rows_free(struct sweep_row *rows, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		free(rows[i].warnings);
		free(rows[i].path);
		free(rows[i].each);
		free(rows[i].late);
		free(rows[i].early);
		trace_free(&rows[i].trace);
	}
}
