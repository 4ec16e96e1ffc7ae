/* SPDX-License-Identifier: BSD-2-Clause */
/* gain.h - a variant against its base: what leaving something out gains. */
#ifndef VMM_RESULT_GAIN_H
#define VMM_RESULT_GAIN_H

#include "vmm/result/result.h"

/*
 * A metric against its base, in cycles.  The intervals of all that are compared
 * with that base hold with 95 % together (Bonferroni).
 */
struct result_gain {
	int64_t gain;	    /* the median of what it gains in a round */
	int64_t low, high;  /* its interval */
	int64_t unit;	    /* what is left out costs by itself; 0: unknown */
	unsigned int of;    /* intervals that hold together */
	const char *judged; /* "critical", "no", "unclear", "worse" */
};

/* False: it has no base, or there are not enough samples. */
bool result_gain(const struct result *r, const struct result_metric *m,
		 struct result_gain *g);

/* Is its median known, all samples being in range? */
bool gain_usable(const struct result_metric *m);

#endif
