/* SPDX-License-Identifier: BSD-2-Clause */
/* gain.c - see gain.h. */
#include "vmm/result/gain.h"
#include "vmm/result/median.h"
#include "vmm/statistics/interval.h"
#include "vmm/statistics/level.h"

/* The fewest samples whose least and most hold the median with 95 %. */
#define LEAST 6
#define P50   50000

bool gain_usable(const struct result_metric *m)
{
	struct dist d;

	if (!m || m->status != METRIC_DONE || !metric_has_samples(m))
		return false;
	d = metric_dist(m);
	return dist_count(&d) >= LEAST && dist_out_of_range(&d) == 0;
}

/*
 * With a unit: is it nearer to the whole of what it leaves out, or to
 * nothing?  Without one: only its sign is known.
 */
static const char *judge(const struct result_gain *g)
{
	int64_t middle = g->unit / 2;

	if (g->high < 0)
		return "worse";
	if (g->low > middle)
		return "critical";
	if (g->unit && g->high < middle)
		return "no";
	return "unclear";
}

/* Those that are compared with the same. */
static unsigned int nr_compared(const struct result *r,
				const struct result_metric *m)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < r->nr_metrics; i++)
		nr += r->metrics[i].base == m->base;
	return nr;
}

/* Of one run, or of all rounds together. */
static bool bounds(const struct result_metric *m, double alpha,
		   struct result_gain *g)
{
	struct dist d = metric_dist(m);
	uint64_t middle = dist_rank(dist_count(&d), P50);
	struct interval ranks = analysis_ranks(&m->analysis, 0, alpha);
	struct dist_at at[3];

	if (ranks.low == 0 || ranks.high == 0)
		return false;
	at[0] = (struct dist_at){.rank = ranks.low};
	at[1] = (struct dist_at){.rank = middle};
	at[2] = (struct dist_at){.rank = ranks.high};
	dist_find(&d, at, 3);
	g->gain = dist_found(at, middle)->value;
	g->low = dist_found(at, ranks.low)->low;
	g->high = dist_found(at, ranks.high)->high;
	return true;
}

bool result_gain(const struct result *r, const struct result_metric *m,
		 struct result_gain *g)
{
	const struct result_metric *gain = m->gain;
	double alpha;

	*g = (struct result_gain){0};
	if (!m->base || !gain_usable(gain))
		return false;
	g->of = nr_compared(r, m);
	alpha = LEVEL_95 / g->of;
	if (!bounds(gain, alpha, g))
		return false;
	/* What drifts between rounds is in no difference. */
	analysis_widen(gain->rounds, gain->nr_rounds, 0,
		       &(struct analysis_reach){alpha, 1}, &g->low, &g->high);
	if (gain_usable(m->unit))
		g->unit = (int64_t)median_of(m->unit).mid;
	g->judged = judge(g);
	return true;
}
