/* SPDX-License-Identifier: BSD-2-Clause */
/* gain.c - see gain.h. */
#include <math.h>

#include "vmm/result/gain.h"
#include "vmm/statistics/interval.h"

#define P50 50000

struct span {
	double mid;		  /* cycles */
	double mid_low, mid_high; /* the ends of its bucket */
	double low, high;
};

/*
 * The median, and the interval that holds the true one with 95 %: up to the
 * least or the most sample where there are too few to bound it.
 */
static struct span median(const struct result_metric *m)
{
	struct dist d = metric_dist(m);
	uint64_t n = dist_count(&d), mid = dist_rank(n, P50);
	struct interval ranks = interval_ranks(n, P50);
	uint64_t low = ranks.low ? ranks.low : 1;
	uint64_t high = ranks.high ? ranks.high : n;
	struct dist_at at[] = {{.rank = mid}, {.rank = low}, {.rank = high}};

	dist_find(&d, at, 3);
	return (struct span){
		.mid = (double)dist_found(at, mid)->value,
		.mid_low = (double)dist_found(at, mid)->low,
		.mid_high = (double)dist_found(at, mid)->high,
		.low = (double)dist_found(at, low)->low,
		.high = (double)dist_found(at, high)->high,
	};
}

/* The fewest samples whose least and most hold the median with 95 %. */
#define LEAST 6

bool gain_usable(const struct result_metric *m)
{
	struct dist d;

	if (!m || m->status != METRIC_DONE || !metric_has_samples(m))
		return false;
	d = metric_dist(m);
	return dist_count(&d) >= LEAST && dist_out_of_range(&d) == 0;
}

/*
 * With a unit: is it nearer to the whole of what it leaves out, or to
 * nothing?  Without one: only its sign is known.
 */
static const char *judge(const struct result_gain *g)
{
	int64_t middle = g->unit / 2;

	if (g->high < 0)
		return "worse";
	if (g->low > middle)
		return "critical";
	if (g->unit && g->high < middle)
		return "no";
	return "unclear";
}

/* A guest may write any number: what is signed stays in its range. */
static int64_t cycles(double value)
{
	return (int64_t)fmax(-0x1p62, fmin(0x1p62, value));
}

/*
 * An interval of a difference from those of its terms, whose errors are
 * independent: Zou and Donner, Construction of confidence limits about effect
 * measures, Statistics in Medicine 27 (2008).  Where in its bucket a median is
 * nobody knows: that is no error of chance, and is added.
 */
bool result_gain(const struct result_metric *m, struct result_gain *g)
{
	struct span base, variant;

	if (!gain_usable(m) || !gain_usable(m->base))
		return false;
	base = median(m->base);
	variant = median(m);
	*g = (struct result_gain){
		.gain = cycles(base.mid - variant.mid),
		.low = cycles(base.mid_low - variant.mid_high -
			      hypot(base.mid_low - base.low,
				    variant.high - variant.mid_high)),
		.high = cycles(base.mid_high - variant.mid_low +
			       hypot(base.high - base.mid_high,
				     variant.mid_low - variant.low)),
		.unit = gain_usable(m->unit) ? cycles(median(m->unit).mid) : 0,
	};
	g->judged = judge(g);
	return true;
}
