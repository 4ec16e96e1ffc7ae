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
static void add_samples(struct hist **late, struct hist **early,
			const struct result_metric *m)
{
	if (!*late)
		*late = hist_new();
	hist_add(*late, m->hist);
	if (!m->early)
		return;
	if (!*early)
		*early = hist_new();
	hist_add(*early, m->early);
}

static void take_metric(struct sweep_row *row, const struct result *r,
			const struct result_metric *m)
{
	double exits = result_exits_per_sample(r, m);
	struct dist d = metric_dist(m);

	add_samples(&row->late, &row->early, m);
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

/* The median of one round, over all vCPUs that have the metric. */
static void take_median(struct sweep_row *row, const struct hist *late,
			const struct hist *early)
{
	struct dist d = {.late = late, .early = early};
	double p50;

	if (!late || dist_count(&d) == 0)
		return;
	p50 = (double)dist_quantile(&d, QUANTILE_ONE / 2);
	if (row->rounds == 0 || p50 < row->p50_low)
		row->p50_low = p50;
	if (row->rounds == 0 || p50 > row->p50_high)
		row->p50_high = p50;
	row->rounds++;
}

void sweep_row_add(struct sweep_row *row, const struct result *r,
		   const char *metric)
{
	struct hist *late = NULL, *early = NULL;

	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		const struct result_metric *m = &r->metrics[i];

		if (strcmp(m->name, metric) != 0 || !metric_has_samples(m))
			continue;
		take_metric(row, r, m);
		add_samples(&late, &early, m);
	}
	take_median(row, late, early);
	free(late);
	free(early);
}

void sweep_rows_free(struct sweep_row *rows, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		free(rows[i].late);
		free(rows[i].early);
	}
}
