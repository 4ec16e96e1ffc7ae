/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * analysis.c - see analysis.h.
 *
 * Ranks that bound a quantile are those of as many independent samples as the
 * metric's are worth, stretched to all of them.  From above there is one more
 * thing that a run cannot know: a disturbance that did not happen to fall into
 * it.  So the upper bound is where it would be if one more block were above.
 */
#include <math.h>

#include "vmm/statistics/analysis.h"
#include "vmm/statistics/clusters.h"
#include "vmm/statistics/dependence.h"
#include "vmm/statistics/interval.h"
#include "vmm/statistics/level.h"

const struct report_quantile report_quantiles[NR_REPORT_QUANTILES] = {
	{"p50", 50000},	  {"p90", 90000},    {"p99", 99000},
	{"p99.9", 99900}, {"p99.99", 99990}, {"p99.999", 99999},
};

#define LEAST_EVENTS 50 /* above a quantile; of fewer nothing is known */

/*
 * Rounds follow one another at once, and what slows a host down often lasts
 * longer than one: on a shared machine neighbours had a correlation of 0.5 to
 * 0.65.  With 0.6 (an AR(1) process) the variance of their mean is (1 + 0.6) /
 * (1 - 0.6) = 4 times that of independent ones, and five of them show less of
 * what they differ by; found by simulation, tests/bench/coverage.c.
 */
#define ALIKE 2.25

/* For each quantile its own rank and those of its bounds. */
#define MAX_RANKS (3 * NR_REPORT_QUANTILES)

static void add(struct dist_at *at, unsigned int *nr, uint64_t rank)
{
	at[(*nr)++] = (struct dist_at){.rank = rank};
}

struct interval analysis_ranks(const struct analysis *a, unsigned int i,
			       double alpha)
{
	double n = (double)a->count, known = a->quantile[i].worth_least;
	double worth = known >= 1 && known < n ? floor(known) : n;
	double stretch = n / worth;
	struct interval ranks = interval_ranks_at((uint64_t)worth,
						  report_quantiles[i].q, alpha);

	if (ranks.low)
		ranks.low = (uint64_t)((double)(ranks.low - 1) * stretch) + 1;
	if (ranks.high)
		ranks.high = (uint64_t)ceil((double)ranks.high * stretch);
	if (ranks.high > a->count)
		ranks.high = 0;
	return ranks;
}

/* The upper bound is spare ranks further up. */
static struct interval bounds(const struct analysis *a, unsigned int i,
			      uint64_t spare)
{
	const struct analysis_quantile *quantile = &a->quantile[i];
	struct interval ranks = {.low = 0};

	if (!quantile->supported || quantile->events < LEAST_EVENTS)
		return ranks;
	ranks = analysis_ranks(a, i, LEVEL_95);
	if (ranks.high)
		ranks.high += spare;
	if (ranks.high > a->count)
		ranks.high = 0;
	return ranks;
}

static void find(struct analysis *a, const struct dist *d, uint64_t spare)
{
	struct interval in[NR_REPORT_QUANTILES];
	struct dist_at at[MAX_RANKS];
	unsigned int nr = 0;

	for (unsigned int i = 0; i < NR_REPORT_QUANTILES; i++) {
		uint32_t q = report_quantiles[i].q;

		in[i] = bounds(a, i, spare);
		add(at, &nr, dist_rank(a->count, q));
		if (in[i].low)
			add(at, &nr, in[i].low);
		if (in[i].high)
			add(at, &nr, in[i].high);
	}
	dist_find(d, at, nr);
	for (int i = 0; i < NR_REPORT_QUANTILES; i++) {
		struct analysis_quantile *to = &a->quantile[i];
		uint32_t q = report_quantiles[i].q;

		to->value = dist_found(at, dist_rank(a->count, q))->value;
		to->has_low = in[i].low != 0;
		if (to->has_low)
			to->low = dist_found(at, in[i].low)->low;
		to->has_high = in[i].high != 0;
		if (to->has_high)
			to->high = dist_found(at, in[i].high)->high;
	}
}

/* What needs no order; false: there are no samples. */
static bool begin(struct analysis *a, const struct dist *d)
{
	*a = (struct analysis){.count = 0};
	if (!d->late)
		return false;
	a->count = dist_count(d);
	a->out_of_range = dist_out_of_range(d);
	if (a->count == 0)
		return false;
	a->min = dist_min(d);
	a->max = dist_max(d);
	a->mean = dist_mean(d);
	for (int i = 0; i < NR_REPORT_QUANTILES; i++)
		a->quantile[i].supported =
			dist_supports(d, report_quantiles[i].q);
	return true;
}

/* How much the samples are worth, by their order. */
static void weigh(struct analysis *a, const struct series *s)
{
	struct series_top top[SERIES_TOP];

	clusters_order(s, top);
	for (int i = 0; i < NR_REPORT_QUANTILES; i++) {
		struct analysis_quantile *q = &a->quantile[i];
		uint64_t rank = dist_rank(a->count, report_quantiles[i].q);
		struct dependence dep;

		if (!q->supported ||
		    !dependence_of(s, top, a->count - rank, &dep))
			continue;
		q->worth = (double)a->count / dep.factor;
		q->worth_least = (double)a->count / dep.factor_most;
		q->events = dep.events;
	}
}

void analysis_make(struct analysis *a, const struct dist *d,
		   const struct series *s)
{
	if (!begin(a, d))
		return;
	if (s)
		weigh(a, s);
	find(a, d, a->count / SERIES_BLOCKS);
}

void analysis_widen(const struct analysis *rounds, unsigned int nr,
		    unsigned int i, const struct analysis_reach *reach,
		    int64_t *low, int64_t *high)
{
	double sum = 0, squares = 0, mean, off;

	if (nr < ANALYSIS_LEAST_ROUNDS)
		return;
	for (unsigned int k = 0; k < nr; k++)
		sum += (double)rounds[k].quantile[i].value;
	mean = sum / nr;
	for (unsigned int k = 0; k < nr; k++) {
		off = (double)rounds[k].quantile[i].value - mean;
		squares += off * off;
	}
	off = reach->alike * level_t(reach->alpha, nr - 1) *
	      sqrt(squares / (nr - 1) / nr);
	/* A file may say anything: what is signed stays in its range. */
	*low = (int64_t)fmax(-0x1p62, fmin((double)*low, floor(mean - off)));
	*high = (int64_t)fmin(0x1p62, fmax((double)*high, ceil(mean + off)));
}

/* All of them; false: it is not known of each. */
static bool add_worth(struct analysis_quantile *to, int i,
		      const struct analysis *rounds, unsigned int nr)
{
	for (unsigned int k = 0; k < nr; k++) {
		const struct analysis_quantile *q = &rounds[k].quantile[i];

		if (!q->supported || q->worth_least < 1)
			return false;
		to->worth += q->worth;
		to->worth_least += q->worth_least;
		to->events += q->events;
	}
	return true;
}

void analysis_of_rounds(struct analysis *a, const struct dist *d,
			const struct analysis *rounds, unsigned int nr)
{
	const struct analysis_reach reach = {LEVEL_95, ALIKE};

	if (!begin(a, d))
		return;
	a->rounds = nr;
	for (int i = 0; i < NR_REPORT_QUANTILES; i++) {
		struct analysis_quantile *to = &a->quantile[i];

		if (!add_worth(to, i, rounds, nr))
			to->worth = to->worth_least = to->events = 0;
		/* What there may be between so few is not known. */
		if (nr < ANALYSIS_LEAST_ROUNDS)
			to->events = 0;
	}
	find(a, d, a->count / SERIES_BLOCKS / nr);
	for (unsigned int i = 0; i < NR_REPORT_QUANTILES; i++) {
		struct analysis_quantile *to = &a->quantile[i];

		if (to->has_low)
			analysis_widen(rounds, nr, i, &reach, &to->low,
				       &to->high);
	}
}
