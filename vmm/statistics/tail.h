/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tail.h - an estimate of what samples beyond the largest one would be: peaks
 * over a threshold, to which a generalized Pareto distribution is fitted.
 */
#ifndef VMM_STATISTICS_TAIL_H
#define VMM_STATISTICS_TAIL_H

#include <stdint.h>

#include "vmm/statistics/dist.h"

/* The level is for one sample in that many times those measured. */
#define TAIL_REACH 10

/*
 * What all estimates of a run may cost, in samples drawn for the bootstrap:
 * some 35 ns each, 28 ms in all.  A good fit takes 80,000.
 */
#define TAIL_WORK 800000u

struct tail {
	const char *refused; /* why there is none; NULL: all below is set */
	unsigned int nr;     /* the samples above the threshold */
	double threshold;    /* cycles */
	double shape;	     /* of the generalized Pareto distribution */
	double scale;	     /* cycles */
	double p_value;	     /* of the fit: small is bad */
	double one_in;	     /* samples that many, on average, hold one ... */
	double level;	     /* ... above this, cycles */
	double low, high;    /* 95 % of the bootstrap's levels, cycles */
};

/*
 * Fits, or says in t->refused why not.  Deterministic.  Takes what it spends
 * off *work, and refuses when the rest would not do.
 */
void tail_estimate(struct tail *t, const struct dist *d, uint64_t *work);

#endif
