/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dependence.h - how much samples that follow one another are worth.  A delay
 * that lasts makes many samples alike, which tell as much as a few that do not
 * depend on each other.
 */
#ifndef VMM_STATISTICS_DEPENDENCE_H
#define VMM_STATISTICS_DEPENDENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "guest-firmware/abi/series.h"

struct dependence {
	/*
	 * The variance of how many samples are above, for each that it would
	 * have if they were independent; at least 1.  The second one is what
	 * it may be, as so few blocks tell it only roughly.
	 */
	double factor, factor_most;
	double events; /* that the samples above are, or 0: too few */
};

/*
 * Of "is a sample above", where above of them are: from 1 to nr - 1.  top: its
 * largest in order, by clusters_order().  False: there are too few samples to
 * say.
 */
bool dependence_of(const struct series *s, const struct series_top *top,
		   uint64_t above, struct dependence *d);

#endif
