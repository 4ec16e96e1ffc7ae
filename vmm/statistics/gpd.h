/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gpd.h - the generalized Pareto distribution, which excesses over a high
 * threshold follow, whatever nearly any distribution they come from (Pickands
 * 1975, Balkema and de Haan 1974): P(X > x) = (1 + shape * x / scale) ^ (-1 /
 * shape).
 */
#ifndef VMM_STATISTICS_GPD_H
#define VMM_STATISTICS_GPD_H

#include <stdbool.h>
#include <stdint.h>

#define EXCESSES_MOST 512

/* How much values exceed a threshold, the largest first. */
struct excesses {
	double x[EXCESSES_MOST];
	unsigned int nr;
};

struct gpd {
	double shape, scale;
};

/* By probability-weighted moments (Hosking and Wallis 1987). */
struct gpd gpd_fit(const struct excesses *e);

/* Can it have made them?  Its end must be above the largest. */
bool gpd_usable(const struct gpd *g, const struct excesses *e);

/* The distance between excesses and fit: Anderson and Darling's, with all its
 * weight on the upper end (Sinclair, Spurr and Ahmad 1990). */
double gpd_distance(const struct excesses *e, const struct gpd *g);

/* What is exceeded with the probability 1 / one_in. */
double gpd_quantile(const struct gpd *g, double one_in);

/* e->nr excesses, of scale 1. */
void gpd_draw(struct excesses *e, double shape, uint64_t *state);

/* Random, above 0 and below 1; *state is not 0 (xorshift64*). */
double draw_one(uint64_t *state);

#endif
