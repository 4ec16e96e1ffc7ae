/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tail.c - see tail.h.
 *
 * Peaks over a threshold: the largest samples are cut into events, and a
 * generalized Pareto distribution is fitted to the largest of each.  Whether it
 * fits, and how sure the level is, comes from samples drawn from the fit
 * itself: a parametric bootstrap.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "vmm/statistics/clusters.h"
#include "vmm/statistics/dependence.h"
#include "vmm/statistics/gev.h"
#include "vmm/statistics/gpd.h"
#include "vmm/statistics/series_check.h"
#include "vmm/statistics/tail.h"

#define FIT_MOST     400 /* samples above the threshold */
#define FIT_LEAST    100
#define LEAST_EVENTS 50	  /* that they are */
#define SHARE	     10	  /* one of so many samples is above it, at most */
#define ALIKE	     5	  /* one of so many events is as large, at most */
#define HEAVY	     0.5  /* shape from which the moments are no use */
#define LIGHT	     0.25 /* what fewer samples of a heavy tail seldom show */

#define REPLICATES 200
#define SEED	   0x9e3779b97f4a7c15ull

/* A fit is bad if less than a tenth of what is drawn from it fits worse. */
#define BAD_P 0.1
/* Nobody needs the rest when of so many one is worse, or none. */
#define SURE_AFTER 60
/* Both halves would differ by more in one of a hundred runs that are steady. */
#define UNSTEADY 2.576

/*
 * Which of the levels, in order, bound it: 2.5 % are below, 0.5 % above. With
 * 2.5 % above as well, too low an upper bound was three times as frequent in
 * simulations as too high a lower one.
 */
#define LOW_LEVEL  5
#define HIGH_LEVEL (REPLICATES - 2)

/* The events above a threshold. */
struct peaks {
	struct cluster cluster[SERIES_TOP]; /* in order of time */
	unsigned int nr;
	unsigned int samples; /* that they are made of */
	int64_t threshold;    /* cycles */
	struct excesses excess;
};

struct bootstrap {
	double level[REPLICATES]; /* in units of the scale */
	unsigned int done, worse;
};

static const char no_fit[] =
	"the largest samples follow no generalized Pareto distribution";
static const char alike[] = "the largest samples are too much alike";
static const char heavy[] = "the tail is too heavy, its shape is 0.5 or more";
static const char few[] = "too few samples: a tenth of them must be 100 at "
			  "least";
static const char few_events[] =
	"the largest samples are fewer than 50 events, each of several";
static const char beyond[] = "there are samples out of the histogram's range";
static const char spent[] = "only so many metrics of a run have one";
static const char unordered[] = "the order of the samples is not known";
static const char unsteady[] =
	"the two halves of the run differ in their largest samples";
static const char contradicted[] =
	"the largest samples of equal parts of the run say something else";

static int largest_first(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x < *y) - (*x > *y);
}

static int lowest_first(const void *a, const void *b)
{
	return largest_first(b, a);
}

/* The nr largest of an ordered top.  NULL, or why it cannot be done. */
static const char *find_peaks(struct peaks *p, const struct series *s,
			      const struct series_top *top, unsigned int nr)
{
	struct dependence dep;
	unsigned int same = 1;

	nr = clusters_above(top, s->nr_top, s->nr, nr);
	if (nr == 0 || nr >= s->nr_top)
		return alike;
	if (!dependence_of(s, top, nr, &dep))
		return few;
	p->samples = nr;
	p->threshold = top[nr].value;
	p->nr = clusters_cut(top, nr, (unsigned int)dep.events, p->cluster);
	if (p->nr < LEAST_EVENTS)
		return few_events;
	p->excess.nr = p->nr;
	for (unsigned int i = 0; i < p->nr; i++)
		p->excess.x[i] =
			(double)p->cluster[i].max - (double)p->threshold;
	qsort(p->excess.x, p->nr, sizeof(*p->excess.x), largest_first);
	for (unsigned int i = 1; i < p->nr; i++) {
		same = p->excess.x[i] < p->excess.x[i - 1] ? 1 : same + 1;
		if (same * ALIKE > p->nr)
			return alike;
	}
	return NULL;
}

/* Half of the run: events in it, their mean and variance. */
struct half {
	double nr, mean, variance;
};

static struct half half_of(const struct peaks *p, uint64_t from, uint64_t to)
{
	double sum = 0, squares = 0;
	struct half h = {.nr = 0};

	for (unsigned int i = 0; i < p->nr; i++) {
		double x = (double)p->cluster[i].max - (double)p->threshold;

		if (p->cluster[i].nr < from || p->cluster[i].nr >= to)
			continue;
		h.nr++;
		sum += x;
		squares += x * x;
	}
	if (h.nr < 2)
		return h;
	h.mean = sum / h.nr;
	h.variance = (squares - sum * h.mean) / (h.nr - 1);
	return h;
}

/* Events come as often, and as large, in both of them. */
static bool is_steady(const struct peaks *p, uint64_t nr)
{
	struct half a = half_of(p, 0, nr / 2), b = half_of(p, nr / 2, nr);

	if (fabs(a.nr - b.nr) > UNSTEADY * sqrt(a.nr + b.nr) || a.nr < 2 ||
	    b.nr < 2)
		return false;
	return fabs(a.mean - b.mean) <=
	       UNSTEADY * sqrt(a.variance / a.nr + b.variance / b.nr);
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

		gpd_draw(&drawn, shape, &state);
		g = gpd_fit(&drawn);
		b->worse += gpd_distance(&drawn, &g) >= reached;
		b->level[b->done++] = gpd_quantile(&g, (double)nr * TAIL_REACH);
	}
}

/* One threshold; most: shape.  NULL, or why there is no estimate. */
static const char *try_fit(struct tail *t, const struct peaks *p, double most,
			   uint64_t *work)
{
	const struct excesses *e = &p->excess;
	double level, threshold = (double)p->threshold;
	struct gpd g = gpd_fit(e);
	struct bootstrap b;

	if (!gpd_usable(&g, e))
		return no_fit;
	if (g.shape >= most)
		return heavy;
	if (*work < (uint64_t)e->nr * REPLICATES)
		return spent;
	bootstrap(&b, e->nr, g.shape, gpd_distance(e, &g));
	*work -= (uint64_t)e->nr * b.done;
	t->p_value = (b.worse + 1.0) / (b.done + 1.0);
	if (b.done < REPLICATES || t->p_value < BAD_P)
		return no_fit;
	qsort(b.level, REPLICATES, sizeof(*b.level), lowest_first);
	level = gpd_quantile(&g, (double)e->nr * TAIL_REACH);
	t->samples = p->samples;
	t->events = e->nr;
	t->threshold = threshold;
	t->shape = g.shape;
	t->scale = g.scale;
	t->level = threshold + level;
	t->low = threshold + fmin(level, g.scale * b.level[LOW_LEVEL]);
	t->high = threshold + fmax(level, g.scale * b.level[HIGH_LEVEL]);
	/* The largest of the samples is not what it follows. */
	return threshold + e->x[0] > t->high ? no_fit : NULL;
}

/* By the largest sample of each block, are both intervals apart? */
static bool blocks_contradict(const struct tail *t, const struct series *s)
{
	unsigned int nr = series_full(s);
	double max[SERIES_BLOCKS];
	struct gev_level l;

	for (unsigned int i = 0; i < nr; i++)
		max[i] = (double)s->max[i];
	if (!gev_estimate(max, nr, -expm1(-(double)s->block_len / t->one_in),
			  &l))
		return true;
	return l.high < t->low || l.low > t->high;
}

void tail_estimate(struct tail *t, const struct dist *d, const struct series *s,
		   uint64_t *work)
{
	struct series_top top[SERIES_TOP];
	uint64_t count = dist_count(d);
	double most = HEAVY;
	struct peaks p;

	*t = (struct tail){.refused = few};
	if (dist_out_of_range(d))
		t->refused = beyond;
	else if (!s)
		t->refused = unordered;
	if (!s || t->refused == beyond)
		return;
	t->one_in = (double)count * TAIL_REACH;
	clusters_order(s, top);
	/* As many samples as follow it: the more, the surer the estimate. */
	for (unsigned int nr = FIT_MOST; nr >= FIT_LEAST; nr /= 2) {
		if (count / SHARE < nr || nr >= s->nr_top || top[nr].value < 0)
			continue;
		t->refused = find_peaks(&p, s, top, nr);
		if (!t->refused)
			t->refused = try_fit(t, &p, most, work);
		/* Chance alone makes fewer samples of it look lighter. */
		if (t->refused == heavy)
			most = LIGHT;
		if (!t->refused || t->refused == spent)
			break;
	}
	if (t->refused)
		return;
	if (!is_steady(&p, s->nr))
		t->refused = unsteady;
	else if (blocks_contradict(t, s))
		t->refused = contradicted;
}
