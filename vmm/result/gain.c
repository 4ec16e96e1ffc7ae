/* SPDX-License-Identifier: BSD-2-Clause */
/* gain.c - see gain.h. */
#include <math.h>

#include "vmm/result/gain.h"
#include "vmm/result/median.h"

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

bool result_gain(const struct result_metric *m, struct result_gain *g)
{
	struct median gain;

	if (!gain_usable(m) || !gain_usable(m->base))
		return false;
	gain = median_difference(median_of(m->base), median_of(m));
	*g = (struct result_gain){
		.gain = cycles(gain.mid),
		.low = cycles(gain.low),
		.high = cycles(gain.high),
		.unit = gain_usable(m->unit) ? cycles(median_of(m->unit).mid)
					     : 0,
	};
	g->judged = judge(g);
	return true;
}
