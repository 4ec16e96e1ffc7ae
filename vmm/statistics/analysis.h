/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * analysis.h - what a metric's histograms say, worked out once for all
 * reports: one pass over the buckets.
 */
#ifndef VMM_STATISTICS_ANALYSIS_H
#define VMM_STATISTICS_ANALYSIS_H

#include <stdbool.h>
#include <stdint.h>

#include "guest-firmware/abi/series.h"
#include "vmm/statistics/dist.h"
#include "vmm/statistics/interval.h"

/* The quantiles that every report shows, in order. */
struct report_quantile {
	const char *name; /* "p50" ... */
	uint32_t q;	  /* of QUANTILE_ONE */
};
#define NR_REPORT_QUANTILES 6
extern const struct report_quantile report_quantiles[NR_REPORT_QUANTILES];

/*
 * A quantile, and bounds that hold the true one with 95 %, in cycles.  As many
 * samples that do not depend on each other tell as much of it: probably, and
 * at least; 0: that is not known.
 */
struct analysis_quantile {
	bool supported; /* enough samples to be shown */
	bool has_low, has_high;
	int64_t value, low, high;
	double worth, worth_least;
	double events; /* that the samples above it are */
};

/* Fewer rounds have no bounds that hold for the host. */
#define ANALYSIS_LEAST_ROUNDS 5

struct analysis {
	uint64_t count; /* samples in range; 0: the rest is not set */
	uint64_t out_of_range;
	int64_t min, max;    /* cycles */
	double mean;	     /* cycles */
	unsigned int rounds; /* bounds are the host's, of so many; 0: a run's */
	struct analysis_quantile quantile[NR_REPORT_QUANTILES];
};

/*
 * Of one run: s is the order of its samples; NULL, or too few of them: there
 * are no bounds.  d->late may be NULL: no samples.
 */
void analysis_make(struct analysis *a, const struct dist *d,
		   const struct series *s);

/*
 * Of nr runs of the same: d has the samples of all, each was analysed alone.
 * The bounds are those of the host, as far as it shows in so many rounds: a
 * round is what is drawn anew, however many samples it has.
 */
void analysis_of_rounds(struct analysis *a, const struct dist *d,
			const struct analysis *rounds, unsigned int nr);

/*
 * The ranks, of all samples, that bound its quantile i with alpha left on each
 * side.  Where it is not known how much the samples are worth, they are taken
 * for independent of each other.
 */
struct interval analysis_ranks(const struct analysis *a, unsigned int i,
			       double alpha);

/*
 * Widens what bounds quantile i of all rounds, with alpha left on each side, by
 * what those differ by; not with fewer than ANALYSIS_LEAST_ROUNDS.  alike: how
 * many times the error of their mean is that of independent rounds.
 */
struct analysis_reach {
	double alpha, alike;
};
void analysis_widen(const struct analysis *rounds, unsigned int nr,
		    unsigned int i, const struct analysis_reach *reach,
		    int64_t *low, int64_t *high);

#endif
