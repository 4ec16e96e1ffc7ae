/* SPDX-License-Identifier: BSD-2-Clause */
/* gain.h - a variant against its base: what leaving something out gains. */
#ifndef VMM_RESULT_GAIN_H
#define VMM_RESULT_GAIN_H

#include "vmm/result/result.h"

/* A metric against its base, medians in cycles. */
struct result_gain {
	int64_t gain;	    /* the base's less its own */
	int64_t low, high;  /* 95 % interval */
	int64_t unit;	    /* what is left out costs by itself; 0: unknown */
	const char *judged; /* "critical", "no", "unclear", "worse" */
};

/* False: it has no base, or there are no samples. */
bool result_gain(const struct result_metric *m, struct result_gain *g);

/* Are its samples enough, and all in range, to be compared? */
bool gain_usable(const struct result_metric *m);

#endif
