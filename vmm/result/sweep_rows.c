/* SPDX-License-Identifier: BSD-2-Clause */
/* sweep_rows.c - see sweep_rows.h. */
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/result/figures.h"
#include "vmm/result/sweep_rows.h"
#include "vmm/statistics/hist_add.h"

static struct hist *hist_new(void)
{
	struct hist *h = calloc(1, sizeof(*h));

	if (!h)
		die_errno("no memory for the sweep");
	hist_init(h);
	return h;
}

/* What there is none of yet is made. */
static void add_samples(struct sweep_row *row, const struct result_metric *m)
{
	if (!row->late)
		row->late = hist_new();
	hist_add(row->late, m->hist);
	if (!m->early)
		return;
	if (!row->early)
		row->early = hist_new();
	hist_add(row->early, m->early);
}

static void take_metric(struct sweep_row *row, const struct result *r,
			const struct result_metric *m)
{
	double exits = result_exits_per_sample(r, m);
	struct dist d = metric_dist(m);

	add_samples(row, m);
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
static const struct analysis *round_of(const struct result *r,
				       const char *metric)
{
	for (unsigned int i = 0; i < r->nr_merged; i++)
		if (strcmp(r->merged[i].name, metric) == 0)
			return &r->merged[i].analysis;
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		if (strcmp(r->metrics[i].name, metric) == 0 &&
		    metric_has_samples(&r->metrics[i]))
			return &r->metrics[i].analysis;
	return NULL;
}

static void take_round(struct sweep_row *row, const struct analysis *a)
{
	if (!a || a->count == 0)
		return;
	row->each = reallocarray(row->each, row->rounds + 1, sizeof(*a));
	if (!row->each)
		die_errno("no memory for the sweep");
	row->each[row->rounds++] = *a;
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
	for (unsigned int i = 0; i < r->nr_warnings; i++) {
		char *text = strdup(r->warnings[i]);

		if (!text)
			die_errno("no memory for the sweep");
		row->warnings[row->nr_warnings++] = text;
	}
}

void sweep_row_add(struct sweep_row *row, const struct result *r,
		   const char *metric)
{
	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		const struct result_metric *m = &r->metrics[i];

		if (strcmp(m->name, metric) == 0 && metric_has_samples(m))
			take_metric(row, r, m);
	}
	take_round(row, round_of(r, metric));
	take_warnings(row, r);
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
		for (unsigned int k = 0; k < rows[i].nr_warnings; k++)
			free(rows[i].warnings[k]);
		free(rows[i].warnings);
		free(rows[i].each);
		free(rows[i].late);
		free(rows[i].early);
	}
}
