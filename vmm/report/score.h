/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * score.h - the scorecard of a bench: what was published of a thing beside
 * what was measured here.
 */
#ifndef VMM_REPORT_SCORE_H
#define VMM_REPORT_SCORE_H

#include <stdio.h>

#include "vmm/report/score_table.h"
#include "vmm/result/median.h"
#include "vmm/result/result.h"

/* The fewest samples of a median. */
#define SCORE_LEAST 100

struct score_value {
	bool known, by_known;
	struct median value, by; /* of what is no median, mid only */
};

struct score {
	/* Why times here are not like those published; empty: they are. */
	char unlike[96];
	struct score_value values[SCORE_MAX];
	unsigned int rounds; /* the most that a run was made in; 0: one run */
};

/* Takes what the lines want of the suite's run of that name. */
void score_take(struct score *s, const char *run, const struct result *r);

/*
 * All lines; what could not be measured has "-".  Where times are not like
 * those published: counts and ratios only, and a sentence.
 */
void score_print(const struct score *s, const struct ticks *t, FILE *out);

#endif
