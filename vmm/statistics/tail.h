/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tail.h - an estimate of what events beyond the largest sample would be.  It
 * is bounded from below only: of what the run did not see it knows nothing.
 */
#ifndef VMM_STATISTICS_TAIL_H
#define VMM_STATISTICS_TAIL_H

#include <stdint.h>

#include "guest-firmware/abi/series.h"
#include "vmm/statistics/dist.h"

/* The level is for one event in that many times the samples measured. */
#define TAIL_REACH 10

/*
 * What all estimates of a run may cost, in samples drawn for the bootstrap:
 * some 35 ns each, 28 ms in all.  A good fit takes 80,000.
 */
#define TAIL_WORK 800000u

struct tail {
	const char *refused;  /* why there is none; NULL: all below is set */
	unsigned int samples; /* above the threshold ... */
	unsigned int events;  /* ... that come together count once */
	double threshold;     /* cycles */
	double shape;	      /* of the generalized Pareto distribution */
	double scale;	      /* cycles */
	double p_value;	      /* of the fit: small is bad */
	double one_in;	      /* samples that many, on average, hold an event */
	double level;	      /* ... above this, cycles */
	double low;	      /* ... or above this, with 95 % */
	double high;	      /* if nothing comes that the run did not see */
};

/*
 * Fits, or says in t->refused why not.  s: the order of its samples; NULL: not
 * known.  Deterministic.  Takes what it spends off *work, and refuses when the
 * rest would not do.
 */
void tail_estimate(struct tail *t, const struct dist *d, const struct series *s,
		   uint64_t *work);

#endif
