/* SPDX-License-Identifier: BSD-2-Clause */
/* analysis.c - see analysis.h. */
#include "vmm/statistics/analysis.h"
#include "vmm/statistics/interval.h"

const struct report_quantile report_quantiles[NR_REPORT_QUANTILES] = {
	{"p50", 50000},	  {"p90", 90000},    {"p99", 99000},
	{"p99.9", 99900}, {"p99.99", 99990}, {"p99.999", 99999},
};

/* For each quantile its own rank and those of its bounds. */
#define MAX_RANKS (3 * NR_REPORT_QUANTILES)

static void add(struct dist_at *at, unsigned int *nr, uint64_t rank)
{
	at[(*nr)++] = (struct dist_at){.rank = rank};
}

static void quantiles(struct analysis *a, const struct dist *d)
{
	struct interval bounds[NR_REPORT_QUANTILES];
	struct dist_at at[MAX_RANKS];
	unsigned int nr = 0;

	for (int i = 0; i < NR_REPORT_QUANTILES; i++) {
		uint32_t q = report_quantiles[i].q;

		a->quantile[i].supported = dist_supports(d, q);
		bounds[i] = (struct interval){.low = 0};
		if (a->quantile[i].supported)
			bounds[i] = interval_ranks(a->count, q);
		add(at, &nr, dist_rank(a->count, q));
		if (bounds[i].low)
			add(at, &nr, bounds[i].low);
		if (bounds[i].high)
			add(at, &nr, bounds[i].high);
	}
	dist_find(d, at, nr);
	for (int i = 0; i < NR_REPORT_QUANTILES; i++) {
		struct analysis_quantile *to = &a->quantile[i];
		uint32_t q = report_quantiles[i].q;

		to->value = dist_found(at, dist_rank(a->count, q))->value;
		to->has_low = bounds[i].low != 0;
		if (to->has_low)
			to->low = dist_found(at, bounds[i].low)->low;
		to->has_high = bounds[i].high != 0;
		if (to->has_high)
			to->high = dist_found(at, bounds[i].high)->high;
	}
}

void analysis_make(struct analysis *a, const struct dist *d)
{
	*a = (struct analysis){.count = 0};
	if (!d->late)
		return;
	a->count = dist_count(d);
	a->out_of_range = dist_out_of_range(d);
	if (a->count == 0)
		return;
	a->min = dist_min(d);
	a->max = dist_max(d);
	a->mean = dist_mean(d);
	quantiles(a, d);
}
