/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * interval.h - how well a quantile is known: two order statistics that hold it
 * between them, whatever the distribution is.
 */
#ifndef VMM_STATISTICS_INTERVAL_H
#define VMM_STATISTICS_INTERVAL_H

#include <stdint.h>

/* Ranks from 1, the smallest sample's; 0: n samples do not bound this side. */
struct interval {
	uint64_t low, high;
};

/*
 * The ranks of n independent samples between which the quantile q /
 * QUANTILE_ONE of what they were drawn from lies with a probability of at
 * least 95 %: at most 2.5 % are left on each side.  Constant time for any n.
 */
struct interval interval_ranks(uint64_t n, uint32_t q);

/* The same where alpha, at most 2.5 %, is left on each side. */
struct interval interval_ranks_at(uint64_t n, uint32_t q, double alpha);

#endif
