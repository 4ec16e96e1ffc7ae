/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * score.h - the scorecard of a bench: what was published of a thing beside
 * what was measured here.
 */
#ifndef VMM_SCORE_H
#define VMM_SCORE_H

#include <stdio.h>

#include "vmm/result.h"

#define SCORE_MAX 64

/* What of a metric a line shows. */
enum score_stat {
	SCORE_QUANTILE, /* of QUANTILE_ONE, in ns */
	SCORE_MIN,
	SCORE_MAX_SEEN,
	SCORE_MEAN,
	SCORE_START, /* of the payload: from /dev/kvm to the first instruction
		      */
	SCORE_EXITS, /* a sample, by the guest's count, on all vCPUs */
};

struct score_reference {
	const char *what;
	const char *run, *metric; /* of the suite; its metric */
	enum score_stat stat;
	uint32_t quantile;
	bool cycles; /* instead of ns */
	/* Less the same of another run's metric; NULL: of none. */
	const char *less_run, *less_metric;
	const char *published, *source;
};

struct score_value {
	bool known, less_known;
	double value, less;
};

struct score {
	struct score_value values[SCORE_MAX];
};

/* Takes what the lines want of the suite's run of that name. */
void score_take(struct score *s, const char *run, const struct result *r);

/* The lines that something was measured for, and how many were not. */
void score_print(const struct score *s, FILE *out);

#endif
