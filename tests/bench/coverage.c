/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * coverage.c - how often the intervals hold the truth, in simulated runs:
 * coverage [SAMPLES [RUNS]].  Status 1: some of them less than 90 %.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/simulated.h"

#define LEAST_PERCENT 90
/* Of fewer the share is chance. */
#define LEAST_SAID 20

static bool show(const char *what, const struct coverage *c)
{
	double percent = c->said ? 100.0 * c->held / c->said : 0;

	if (c->said == 0)
		return true;
	printf("  %-8s %4u said, %5.1f %% hold%s\n", what, c->said, percent,
	       c->open == c->said ? ", no upper bound" : "");
	return c->said < LEAST_SAID || percent >= LEAST_PERCENT;
}

int main(int argc, char **argv)
{
	unsigned int nr = argc > 1 ? (unsigned int)atoi(argv[1]) : 10000;
	unsigned int runs = argc > 2 ? (unsigned int)atoi(argv[2]) : 400;
	bool held = true;

	for (int k = 0; k < NR_SIMULATED; k++) {
		struct coverages c;

		simulate((enum simulated)k, nr, runs, 0, &c);
		printf("%s: %u runs of %u samples\n", simulated_names[k], runs,
		       nr);
		for (int i = 0; i < NR_REPORT_QUANTILES; i++)
			held &= show(report_quantiles[i].name, &c.quantile[i]);
		held &= show("tail", &c.tail);
		simulate((enum simulated)k, nr / 5, runs, 5, &c);
		held &= show("5 rounds", &c.quantile[0]);
	}
	puts(held ? "every interval holds the truth in 90 % or more"
		  : "some interval holds it in less than 90 %");
	return !held;
}
