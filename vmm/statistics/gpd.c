/* SPDX-License-Identifier: BSD-2-Clause */
/* gpd.c - see gpd.h. */
#include <math.h>

#include "vmm/statistics/gpd.h"

#define EXPONENTIAL 1e-4 /* a shape that is as good as 0 */

struct gpd gpd_fit(const struct excesses *e)
{
	double n = e->nr, mean = 0, moment = 0;

	for (unsigned int i = 0; i < e->nr; i++) {
		mean += e->x[i];
		moment += e->x[i] * i;
	}
	mean /= n;
	moment /= n * (n - 1); /* unbiased, of x * P(X > x) */
	return (struct gpd){
		.shape = 2 - mean / (mean - 2 * moment),
		.scale = 2 * mean * moment / (mean - 2 * moment),
	};
}

bool gpd_usable(const struct gpd *g, const struct excesses *e)
{
	return isfinite(g->shape) && isfinite(g->scale) && g->scale > 0 &&
	       g->scale + g->shape * e->x[0] > 0;
}

/* The logarithm of P(X > x). */
static double log_above(const struct gpd *g, double x)
{
	double y = 1 + g->shape * x / g->scale;

	if (fabs(g->shape) < EXPONENTIAL)
		return -x / g->scale;
	/* Beyond the end of a tail that has one. */
	return -log(y > 1e-12 ? y : 1e-12) / g->shape;
}

double gpd_distance(const struct excesses *e, const struct gpd *g)
{
	double n = e->nr, below = 0, weighted = 0;

	for (unsigned int i = 0; i < e->nr; i++) {
		double l = log_above(g, e->x[i]);

		below += 1 - exp(l);
		weighted += (2 * i + 1) * l;
	}
	return n / 2 - 2 * below - weighted / n;
}

double gpd_quantile(const struct gpd *g, double one_in)
{
	if (fabs(g->shape) < EXPONENTIAL)
		return g->scale * log(one_in);
	return g->scale / g->shape * (pow(one_in, g->shape) - 1);
}

double draw_one(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return ((double)(*state * 0x2545f4914f6cdd1dull >> 11) + 0.5) * 0x1p-53;
}

/*
 * They come in order: the gaps between
 * exponential samples in order are exponential themselves (Renyi 1953).
 */
void gpd_draw(struct excesses *e, double shape, uint64_t *state)
{
	double sum = 0;

	for (unsigned int i = e->nr; i-- > 0;) {
		sum -= log(draw_one(state)) / (i + 1);
		e->x[i] = fabs(shape) < EXPONENTIAL
				  ? sum
				  : expm1(shape * sum) / shape;
	}
}
