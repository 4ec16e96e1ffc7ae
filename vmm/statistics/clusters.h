/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clusters.h - large samples that come together are one event: how many events
 * the largest samples are.
 */
#ifndef VMM_STATISTICS_CLUSTERS_H
#define VMM_STATISTICS_CLUSTERS_H

#include <stdint.h>

#include "guest-firmware/abi/series.h"

/* s->nr_top entries of s, the largest first. */
void clusters_order(const struct series *s, struct series_top *top);

/*
 * Of equal samples all are above a threshold, or none: how many are, wanted of
 * an ordered top or fewer; more, where that would be none.  0: it has no such
 * threshold.  nr_top: of all nr samples.
 */
unsigned int clusters_above(const struct series_top *top, uint64_t nr_top,
			    uint64_t nr, uint64_t wanted);

/*
 * The share of the first nr of an ordered top that are events of their own,
 * above 0 and at most 1 (Ferro and Segers 2003).
 */
double extremal_index(const struct series_top *top, unsigned int nr);

/* The largest sample of an event. */
struct cluster {
	int64_t max;
	uint64_t nr; /* which sample it was */
};

/*
 * Cuts the first nr of an ordered top, at least 1, into events, at the longest
 * gaps between them: as many as wanted, or fewer where gaps are equal.  How
 * many they are, into out (nr entries), in order of time.
 */
unsigned int clusters_cut(const struct series_top *top, unsigned int nr,
			  unsigned int wanted, struct cluster *out);

#endif
