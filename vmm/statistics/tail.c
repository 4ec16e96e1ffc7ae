/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tail.c - see tail.h.
 *
 * Above a high threshold, excesses of nearly any distribution follow a
 * generalized Pareto distribution (Pickands 1975, Balkema and de Haan 1974):
 * P(X > x) = (1 + shape * x / scale) ^ (-1 / shape).  It is fitted by
 * probability-weighted moments (Hosking and Wallis 1987).  Whether it fits, and
 * how sure the level is, comes from samples drawn from the fit itself: a
 * parametric bootstrap.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "vmm/statistics/tail.h"

#define FIT_MOST    400 /* samples that a fit is made from */
#define FIT_LEAST   50
#define FIT_ROOM    (FIT_MOST + FIT_MOST / 4)
#define SHARE	    10	 /* one of so many samples is in the tail, at most */
#define ALIKE	    5	 /* one of so many is in one bucket, at most */
#define HEAVY	    0.5	 /* shape from which the moments are no use */
#define LIGHT	    0.25 /* what fewer samples of a heavy tail seldom show */
#define EXPONENTIAL 1e-4 /* a shape that is as good as 0 */

#define REPLICATES 200
#define SEED	   0x9e3779b97f4a7c15ull

/* A fit is bad if less than a tenth of what is drawn from it fits worse. */
#define BAD_P 0.1
/* Nobody needs the rest when of so many one is worse, or none. */
#define SURE_AFTER 60

/*
 * Which of the levels, in order, bound it: 2.5 % are below, 0.5 % above. With
 * 2.5 % above as well, too low an upper bound was three times as frequent in
 * simulations as too high a lower one.
 */
#define LOW_LEVEL  5
#define HIGH_LEVEL (REPLICATES - 2)

/* How much samples exceed a threshold, the largest first. */
struct excesses {
	double x[FIT_ROOM];
	unsigned int nr;
	double threshold; /* cycles */
};

struct gpd {
	double shape, scale;
};

struct bootstrap {
	double level[REPLICATES]; /* in units of the scale */
	unsigned int done, worse;
};

static const char no_fit[] =
	"the largest samples follow no generalized Pareto distribution";
static const char alike[] = "the largest samples are too much alike";
static const char heavy[] = "the tail is too heavy, its shape is 0.5 or more";
static const char few[] = "too few samples: a tenth of them must be 50 at "
			  "least";
static const char beyond[] = "there are samples out of the histogram's range";
static const char spent[] = "only so many metrics of a run have one";

/*
 * The samples of the upper buckets, as many as wanted or a few more: every
 * sample above the threshold is in it.  A bucket's samples are spread evenly
 * over it.  NULL, or why it cannot be done.
 */
static const char *gather(struct excesses *e, const struct hist *h,
			  unsigned int wanted)
{
	uint64_t most = 0;

	e->nr = 0;
	for (unsigned int i = HIST_NR_BUCKETS; i-- > 0 && e->nr < wanted;) {
		uint64_t nr = h->bucket[i];
		double width = (double)hist_bucket_width(i);

		if (nr == 0)
			continue;
		if (nr > FIT_ROOM - e->nr)
			return alike;
		if (nr > most)
			most = nr;
		e->threshold = (double)hist_bucket_low(i);
		for (uint64_t k = nr; k-- > 0;)
			e->x[e->nr++] = e->threshold +
					width * ((double)k + 0.5) / (double)nr;
	}
	for (unsigned int i = 0; i < e->nr; i++)
		e->x[i] -= e->threshold;
	if (e->nr < wanted)
		return few;
	return most * ALIKE > e->nr ? alike : NULL;
}

static struct gpd fit(const struct excesses *e)
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

/* The logarithm of P(X > x). */
static double log_above(const struct gpd *g, double x)
{
	double y = 1 + g->shape * x / g->scale;

	if (fabs(g->shape) < EXPONENTIAL)
		return -x / g->scale;
	/* Beyond the end of a tail that has one. */
	return -log(y > 1e-12 ? y : 1e-12) / g->shape;
}

/*
 * The distance between samples and fit: Anderson and Darling's, with all its
 * weight on the upper end (Sinclair, Spurr and Ahmad 1990).
 */
static double distance(const struct excesses *e, const struct gpd *g)
{
	double n = e->nr, below = 0, weighted = 0;

	for (unsigned int i = 0; i < e->nr; i++) {
		double l = log_above(g, e->x[i]);

		below += 1 - exp(l);
		weighted += (2 * i + 1) * l;
	}
	return n / 2 - 2 * below - weighted / n;
}

/* What is exceeded with the probability 1 / one_in. */
static double quantile(const struct gpd *g, double one_in)
{
	if (fabs(g->shape) < EXPONENTIAL)
		return g->scale * log(one_in);
	return g->scale / g->shape * (pow(one_in, g->shape) - 1);
}

/* Above 0, below 1. */
static double draw_one(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return ((double)(*state * 0x2545f4914f6cdd1dull >> 11) + 0.5) * 0x1p-53;
}

/*
 * As many excesses, of scale 1.  They come in order: the gaps between
 * exponential samples in order are exponential themselves (Renyi 1953).
 */
static void draw(struct excesses *e, double shape, uint64_t *state)
{
	double sum = 0;

	for (unsigned int i = e->nr; i-- > 0;) {
		sum -= log(draw_one(state)) / (i + 1);
		e->x[i] = fabs(shape) < EXPONENTIAL
				  ? sum
				  : expm1(shape * sum) / shape;
	}
}

static void bootstrap(struct bootstrap *b, unsigned int nr, double shape,
		      double reached)
{
	struct excesses drawn = {.nr = nr};
	uint64_t state = SEED;

	b->done = b->worse = 0;
	while (b->done < REPLICATES &&
	       (b->done != SURE_AFTER || b->worse > 1)) {
		struct gpd g;

		draw(&drawn, shape, &state);
		g = fit(&drawn);
		b->worse += distance(&drawn, &g) >= reached;
		b->level[b->done++] = quantile(&g, (double)nr * TAIL_REACH);
	}
}

static int lowest_first(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool usable(const struct gpd *g, const struct excesses *e)
{
	/* Its end must be above the largest sample. */
	return isfinite(g->shape) && isfinite(g->scale) && g->scale > 0 &&
	       g->scale + g->shape * e->x[0] > 0;
}

/* One threshold; most: shape.  NULL, or why there is no estimate. */
static const char *try_fit(struct tail *t, const struct excesses *e,
			   double most, uint64_t *work)
{
	struct gpd g = fit(e);
	struct bootstrap b;
	double level;

	if (!usable(&g, e))
		return no_fit;
	if (g.shape >= most)
		return heavy;
	if (*work < (uint64_t)e->nr * REPLICATES)
		return spent;
	bootstrap(&b, e->nr, g.shape, distance(e, &g));
	*work -= (uint64_t)e->nr * b.done;
	t->p_value = (b.worse + 1.0) / (b.done + 1.0);
	if (b.done < REPLICATES || t->p_value < BAD_P)
		return no_fit;
	qsort(b.level, REPLICATES, sizeof(*b.level), lowest_first);
	level = quantile(&g, (double)e->nr * TAIL_REACH);
	t->nr = e->nr;
	t->threshold = e->threshold;
	t->shape = g.shape;
	t->scale = g.scale;
	t->level = e->threshold + level;
	t->low = e->threshold + fmin(level, g.scale * b.level[LOW_LEVEL]);
	t->high = e->threshold + fmax(level, g.scale * b.level[HIGH_LEVEL]);
	/* The largest of the samples is not what it follows. */
	return e->threshold + e->x[0] > t->high ? no_fit : NULL;
}

void tail_estimate(struct tail *t, const struct dist *d, uint64_t *work)
{
	uint64_t count = dist_count(d);
	double most = HEAVY;
	struct excesses e;

	*t = (struct tail){.refused = few};
	if (d->late->out_of_range || (d->early && d->early->out_of_range)) {
		t->refused = beyond;
		return;
	}
	/* As many samples as follow it: the more, the surer the estimate. */
	for (unsigned int nr = FIT_MOST; nr >= FIT_LEAST; nr /= 2) {
		if (count / SHARE < nr || d->late->count < nr)
			continue;
		t->refused = gather(&e, d->late, nr);
		if (!t->refused)
			t->refused = try_fit(t, &e, most, work);
		/* Chance alone makes fewer samples of it look lighter. */
		if (t->refused == heavy)
			most = LIGHT;
		if (!t->refused || t->refused == spent)
			break;
	}
	t->one_in = (double)count * TAIL_REACH;
}
