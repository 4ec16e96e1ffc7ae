/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * analysis.h - what a metric's histograms say, worked out once for all
 * reports: one pass over the buckets.
 */
#ifndef VMM_STATISTICS_ANALYSIS_H
#define VMM_STATISTICS_ANALYSIS_H

#include <stdbool.h>
#include <stdint.h>

#include "vmm/statistics/dist.h"

/* The quantiles that every report shows, in order. */
struct report_quantile {
	const char *name; /* "p50" ... */
	uint32_t q;	  /* of QUANTILE_ONE */
};
#define NR_REPORT_QUANTILES 6
extern const struct report_quantile report_quantiles[NR_REPORT_QUANTILES];

/* A quantile, and bounds that hold the true one with 95 %, in cycles. */
struct analysis_quantile {
	bool supported; /* enough samples to be shown */
	bool has_low, has_high;
	int64_t value, low, high;
};

struct analysis {
	uint64_t count; /* samples in range; 0: the rest is not set */
	uint64_t out_of_range;
	int64_t min, max; /* cycles */
	double mean;	  /* cycles */
	struct analysis_quantile quantile[NR_REPORT_QUANTILES];
};

/* d->late may be NULL: no samples. */
void analysis_make(struct analysis *a, const struct dist *d);

#endif
