/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dist.h - quantiles of what the guest recorded.  A signed metric has two
 * histograms; this is where they become one distribution again.
 */
#ifndef VMM_STATISTICS_DIST_H
#define VMM_STATISTICS_DIST_H

#include <stdbool.h>
#include <stdint.h>

#include "guest-firmware/abi/hist.h"

struct dist {
	const struct hist *late;  /* values >= 0; never NULL */
	const struct hist *early; /* minus values < 0; NULL: unsigned */
};

#define QUANTILE_ONE 100000u /* quantiles are in 1/100000 */

/* Samples, those out of the histogram's range not counted. */
uint64_t dist_count(const struct dist *d);

/* The rank, from 1, of the quantile q / QUANTILE_ONE of count samples. */
uint64_t dist_rank(uint64_t count, uint32_t q);

/* Where the sample of a rank is, in cycles: its bucket, within min and max. */
struct dist_at {
	uint64_t rank; /* from 1, the smallest sample's */
	int64_t low;   /* it is not below that, */
	int64_t value; /* about here, */
	int64_t high;  /* and not above that */
};

/* Fills in nr of them in one pass over the buckets; sorts them by rank. */
void dist_find(const struct dist *d, struct dist_at *at, unsigned int nr);

/* The one of that rank, which must be among them. */
const struct dist_at *dist_found(const struct dist_at *at, uint64_t rank);

/*
 * The value that at least q / QUANTILE_ONE of the samples do not exceed:
 * the middle of its bucket, within min and max.  Wrong by less than 1/2048.
 * dist_count() must not be 0.
 */
int64_t dist_quantile(const struct dist *d, uint32_t q);

/* Those that have no bucket, and all of them. */
uint64_t dist_out_of_range(const struct dist *d);
uint64_t dist_samples(const struct dist *d);

/*
 * Are there enough samples for that quantile: one at least above it?  Samples
 * out of range have a place in the order, but no bucket: none is known then.
 */
bool dist_supports(const struct dist *d, uint32_t q);

/* Exact, and of all samples.  There must be one. */
int64_t dist_min(const struct dist *d);
int64_t dist_max(const struct dist *d);

/* Exact, of the samples in range.  There must be one. */
double dist_mean(const struct dist *d);

/*
 * The worst samples by their distance from 0, the worst first, into out
 * (2 * HIST_NR_WORST entries); negative values are early ones.  Their number.
 */
struct dist_worst {
	int64_t value;
	uint64_t tsc;
};
unsigned int dist_worst(const struct dist *d, struct dist_worst *out);

#endif
