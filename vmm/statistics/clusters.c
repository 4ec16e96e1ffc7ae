/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clusters.c - see clusters.h.
 *
 * The intervals estimator: gaps between samples above a threshold are either
 * within an event, and short, or between events, and exponential.  Ferro and
 * Segers, Inference for clusters of extreme values, Journal of the Royal
 * Statistical Society B 65 (2003).
 */
#include <stdlib.h>
#include <string.h>

#include "vmm/statistics/clusters.h"

static int largest_first(const void *a, const void *b)
{
	const struct series_top *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? 1 : -1;
	return (x->nr > y->nr) - (x->nr < y->nr);
}

static int by_time(const void *a, const void *b)
{
	const struct series_top *x = a, *y = b;

	return (x->nr > y->nr) - (x->nr < y->nr);
}

static int longest_first(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x < *y) - (*x > *y);
}

void clusters_order(const struct series *s, struct series_top *top)
{
	memcpy(top, s->top, s->nr_top * sizeof(*top));
	qsort(top, s->nr_top, sizeof(*top), largest_first);
}

/* Below a full list there may be more of its least value. */
unsigned int clusters_above(const struct series_top *top, uint64_t nr_top,
			    uint64_t nr, uint64_t wanted)
{
	uint64_t k = wanted;

	if (wanted >= nr_top && nr_top < nr)
		return 0;
	while (k && k < nr_top && top[k - 1].value == top[k].value)
		k--;
	if (k)
		return (unsigned int)k;
	for (k = wanted + 1; k < nr_top; k++)
		if (top[k - 1].value > top[k].value)
			return (unsigned int)k;
	return 0;
}

/* The first nr in order of time, and the nr - 1 gaps between them. */
static void gaps(const struct series_top *top, unsigned int nr,
		 struct series_top *at, uint64_t *gap)
{
	memcpy(at, top, nr * sizeof(*at));
	qsort(at, nr, sizeof(*at), by_time);
	for (unsigned int i = 0; i + 1 < nr; i++)
		gap[i] = at[i + 1].nr - at[i].nr;
}

static double index_of(const uint64_t *gap, unsigned int nr)
{
	double sum = 0, squares = 0, index;
	uint64_t most = 0;

	for (unsigned int i = 0; i < nr; i++)
		if (gap[i] > most)
			most = gap[i];
	for (unsigned int i = 0; i < nr; i++) {
		double t = (double)gap[i];

		sum += most <= 2 ? t : t - 1;
		squares += most <= 2 ? t * t : (t - 1) * (t - 2);
	}
	index = 2 * sum * sum / (nr * squares);
	return index < 1 ? index : 1;
}

double extremal_index(const struct series_top *top, unsigned int nr)
{
	struct series_top at[SERIES_TOP];
	uint64_t gap[SERIES_TOP];

	if (nr < 2)
		return 1;
	gaps(top, nr, at, gap);
	return index_of(gap, nr - 1);
}

/* The gaps from which on two samples are of different events. */
static uint64_t least_gap(const uint64_t *gap, unsigned int nr,
			  unsigned int wanted)
{
	uint64_t sorted[SERIES_TOP];

	if (wanted < 2)
		return UINT64_MAX;
	if (wanted > nr)
		return 0;
	memcpy(sorted, gap, nr * sizeof(*sorted));
	qsort(sorted, nr, sizeof(*sorted), longest_first);
	/* As long as the first that is not cut: none of those is. */
	return sorted[wanted - 1] + 1;
}

unsigned int clusters_cut(const struct series_top *top, unsigned int nr,
			  unsigned int wanted, struct cluster *out)
{
	struct series_top at[SERIES_TOP];
	uint64_t gap[SERIES_TOP], least;
	unsigned int found = 0;

	gaps(top, nr, at, gap);
	least = least_gap(gap, nr - 1, wanted);
	for (unsigned int i = 0; i < nr; i++) {
		struct cluster c = {.max = at[i].value, .nr = at[i].nr};

		if (i == 0 || gap[i - 1] >= least)
			out[found++] = c;
		else if (c.max > out[found - 1].max)
			out[found - 1] = c;
	}
	return found;
}
