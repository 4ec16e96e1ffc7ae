/* SPDX-License-Identifier: BSD-2-Clause */
/* median.c - see median.h. */
#include <math.h>

#include "vmm/result/median.h"
#include "vmm/statistics/interval.h"

#define P50 50000

struct median median_of(const struct result_metric *m)
{
	struct dist d = metric_dist(m);
	uint64_t n = dist_count(&d), mid = dist_rank(n, P50);
	struct interval ranks = interval_ranks(n, P50);
	uint64_t low = ranks.low ? ranks.low : 1;
	uint64_t high = ranks.high ? ranks.high : n;
	struct dist_at at[] = {{.rank = mid}, {.rank = low}, {.rank = high}};

	dist_find(&d, at, 3);
	return (struct median){
		.mid = (double)dist_found(at, mid)->value,
		.mid_low = (double)dist_found(at, mid)->low,
		.mid_high = (double)dist_found(at, mid)->high,
		.low = (double)dist_found(at, low)->low,
		.high = (double)dist_found(at, high)->high,
	};
}

struct median median_scale(struct median m, double factor)
{
	return (struct median){
		.mid = m.mid * factor,
		.mid_low = m.mid_low * factor,
		.mid_high = m.mid_high * factor,
		.low = m.low * factor,
		.high = m.high * factor,
	};
}

/*
 * An interval of a difference from those of its terms, whose errors are
 * independent: Zou and Donner, Construction of confidence limits about effect
 * measures, Statistics in Medicine 27 (2008).  Where in its bucket a median is
 * nobody knows: that is no error of chance, and is added.
 */
struct median median_difference(struct median a, struct median b)
{
	struct median d = {
		.mid = a.mid - b.mid,
		.mid_low = a.mid_low - b.mid_high,
		.mid_high = a.mid_high - b.mid_low,
	};

	d.low = d.mid_low - hypot(a.mid_low - a.low, b.high - b.mid_high);
	d.high = d.mid_high + hypot(a.high - a.mid_high, b.mid_low - b.low);
	return d;
}

static struct median each(struct median m, double (*fn)(double))
{
	return (struct median){
		.mid = fn(m.mid),
		.mid_low = fn(m.mid_low),
		.mid_high = fn(m.mid_high),
		.low = fn(m.low),
		.high = fn(m.high),
	};
}

/* A ratio is a difference of logarithms, whose intervals are those. */
bool median_ratio(struct median a, struct median b, struct median *ratio)
{
	/* A bound that is not known bounds nothing. */
	if (!(a.mid > 0 && b.mid > 0) || a.low <= 0 || b.low <= 0)
		return false;
	*ratio = each(median_difference(each(a, log), each(b, log)), exp);
	return true;
}
