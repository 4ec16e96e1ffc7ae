/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * simulated.h - runs whose truth is known: how often the intervals of
 * statistics/ hold it.  tests/bench/coverage does it at full size.
 */
#ifndef UNIT_SIMULATED_H
#define UNIT_SIMULATED_H

#include <stdint.h>

#include "vmm/statistics/analysis.h"
#include "vmm/statistics/tail.h"

enum simulated {
	SIM_AR1,     /* lognormal, each sample 0.9 of the one before */
	SIM_BURSTS,  /* 0.5 % of the samples, 200 at a time, 5 times as large */
	SIM_BIMODAL, /* two causes, independent */
	SIM_PARETO,  /* of shape 0.8: too heavy for a tail estimate */
	SIM_LOGNORMAL,
	SIM_EXPONENTIAL,
	NR_SIMULATED,
};

extern const char *const simulated_names[NR_SIMULATED];

/* Of some runs, for how many something was said, and how often it was true. */
struct coverage {
	unsigned int said, held;
	unsigned int open; /* said without an upper bound */
};

struct coverages {
	struct coverage quantile[NR_REPORT_QUANTILES], tail;
};

/*
 * runs of nr samples each.  rounds: above 0, each run is so many rounds of nr
 * samples, every one shifted by a lognormal factor, which is like the one's
 * before (autoregressive, 0.6), and the bounds are those of the host: of p50
 * only, of which the truth is known then.
 */
void simulate(enum simulated kind, unsigned int nr, unsigned int runs,
	      unsigned int rounds, struct coverages *c);

#endif
