/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gev.c - see gev.h.  By L-moments, with Hosking's approximation of the shape
 * (Hosking, Wallis and Wood 1985); k is the shape with the other sign.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "vmm/statistics/gev.h"
#include "vmm/statistics/gpd.h"

#define EULER	   0.5772156649015329
#define GUMBEL	   1e-6 /* a shape that is as good as 0 */
#define LEAST	   16
#define REPLICATES 200
#define LOW	   4 /* of them in order: 2.5 % are below, and above */
#define HIGH	   (REPLICATES - 5)
#define SEED	   0x9e3779b97f4a7c15ull

struct gev {
	double place, scale, k;
};

static int lowest_first(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The values in order, the least first. */
static struct gev fit(const double *x, unsigned int nr)
{
	double b0 = 0, b1 = 0, b2 = 0, n = nr, l2, c;
	struct gev g;

	for (unsigned int i = 0; i < nr; i++) {
		b0 += x[i];
		b1 += x[i] * i;
		b2 += x[i] * i * (i - 1.0);
	}
	b0 /= n;
	b1 /= n * (n - 1);
	b2 /= n * (n - 1) * (n - 2);
	l2 = 2 * b1 - b0;
	c = 2 / (3 + (6 * b2 - 6 * b1 + b0) / l2) - M_LN2 / log(3);
	g.k = 7.8590 * c + 2.9554 * c * c;
	if (fabs(g.k) < GUMBEL) {
		g.scale = l2 / M_LN2;
		g.place = b0 - EULER * g.scale;
	} else {
		double gamma = tgamma(1 + g.k);

		g.scale = l2 * g.k / ((1 - pow(2, -g.k)) * gamma);
		g.place = b0 - g.scale * (1 - gamma) / g.k;
	}
	return g;
}

/* Where -log(P(X <= x)) is y. */
static double at(const struct gev *g, double y)
{
	if (fabs(g->k) < GUMBEL)
		return g->place - g->scale * log(y);
	return g->place + g->scale / g->k * (1 - pow(y, g->k));
}

bool gev_estimate(double *max, unsigned int nr, double chance,
		  struct gev_level *l)
{
	double level[REPLICATES], drawn[GEV_MOST], y = -log1p(-chance);
	uint64_t state = SEED;
	struct gev g;

	if (nr < LEAST || nr > GEV_MOST)
		return false;
	qsort(max, nr, sizeof(*max), lowest_first);
	g = fit(max, nr);
	if (!isfinite(g.place) || !isfinite(g.k) || !(g.scale > 0))
		return false;
	for (unsigned int i = 0; i < REPLICATES; i++) {
		struct gev again;

		for (unsigned int k = 0; k < nr; k++)
			drawn[k] = at(&g, -log(draw_one(&state)));
		qsort(drawn, nr, sizeof(*drawn), lowest_first);
		again = fit(drawn, nr);
		level[i] = at(&again, y);
	}
	qsort(level, REPLICATES, sizeof(*level), lowest_first);
	l->level = at(&g, y);
	l->low = level[LOW];
	l->high = level[HIGH];
	return true;
}
