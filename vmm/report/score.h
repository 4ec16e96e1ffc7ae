/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * score.h - the scorecard of a bench: what was published of a thing beside
 * what was measured here.
 */
#ifndef VMM_REPORT_SCORE_H
#define VMM_REPORT_SCORE_H

#include <stdio.h>

#include "vmm/result/result.h"

#define SCORE_MAX 64

struct score_value {
	bool known, less_known;
	double value, less;
};

struct score {
	struct score_value values[SCORE_MAX];
};

/* Takes what the lines want of the suite's run of that name. */
void score_take(struct score *s, const char *run, const struct result *r);

/*
 * All lines; what could not be measured has "-".  None of them where figures
 * are no times: a sentence.
 */
void score_print(const struct score *s, const struct ticks *t, FILE *out);

#endif
