/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gev.h - the generalized extreme value distribution, which the largest values
 * of blocks follow (Fisher and Tippett 1928, Gnedenko 1943): another way to the
 * same tail, which needs no threshold and no events told apart.
 */
#ifndef VMM_STATISTICS_GEV_H
#define VMM_STATISTICS_GEV_H

#include <stdbool.h>

#define GEV_MOST 64 /* blocks */

struct gev_level {
	double level;	  /* the largest of a block is above it ... */
	double low, high; /* ... with that probability; 95 % of a bootstrap */
};

/*
 * nr maxima, 16 at least, which are sorted; chance: above 0 and below 1.
 * False: they follow none.  Deterministic.
 */
bool gev_estimate(double *max, unsigned int nr, double chance,
		  struct gev_level *l);

#endif
