/* SPDX-License-Identifier: BSD-2-Clause */
/* dist.c - see dist.h. */
#include <stdlib.h>

#include "vmm/dist.h"

static bool has(const struct hist *h)
{
	return h && h->count + h->out_of_range != 0;
}

/* A guest may write any number: what is signed stays in its range. */
static int64_t magnitude(uint64_t value)
{
	return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

uint64_t dist_count(const struct dist *d)
{
	return d->late->count + (d->early ? d->early->count : 0);
}

/* The rank-th smallest sample of one histogram, rank from 1. */
static uint64_t hist_rank(const struct hist *h, uint64_t rank)
{
	uint64_t seen = 0, value = h->max;

	for (unsigned int i = 0; i < HIST_NR_BUCKETS; i++) {
		seen += h->bucket[i];
		if (seen >= rank) {
			value = hist_bucket_low(i) +
				(hist_bucket_width(i) - 1) / 2;
			break;
		}
	}
	if (value < h->min)
		return h->min;
	return value > h->max ? h->max : value;
}

int64_t dist_quantile(const struct dist *d, uint32_t q)
{
	uint64_t count = dist_count(d);
	uint64_t early = d->early ? d->early->count : 0;
	uint64_t rank = (uint64_t)(((__uint128_t)count * q + QUANTILE_ONE - 1) /
				   QUANTILE_ONE);

	if (rank == 0)
		rank = 1;
	/* The earliest of all is the largest of the early histogram. */
	if (rank <= early)
		return -magnitude(hist_rank(d->early, early - rank + 1));
	return magnitude(hist_rank(d->late, rank - early));
}

bool dist_supports(const struct dist *d, uint32_t q)
{
	return (__uint128_t)dist_count(d) * (QUANTILE_ONE - q) >= QUANTILE_ONE;
}

int64_t dist_min(const struct dist *d)
{
	return has(d->early) ? -magnitude(d->early->max)
			     : magnitude(d->late->min);
}

int64_t dist_max(const struct dist *d)
{
	return has(d->late) ? magnitude(d->late->max)
			    : -magnitude(d->early->min);
}

double dist_mean(const struct dist *d)
{
	double sum = (double)d->late->sum;

	if (d->early)
		sum -= (double)d->early->sum;
	return sum / (double)dist_count(d);
}

static int worse_first(const void *a, const void *b)
{
	const struct dist_worst *x = a, *y = b;
	int64_t dx = llabs(x->value), dy = llabs(y->value);

	return (dx < dy) - (dx > dy);
}

static unsigned int take(const struct hist *h, int sign, struct dist_worst *out)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < HIST_NR_WORST; i++)
		if (h->worst[i].tsc != 0)
			out[nr++] = (struct dist_worst){
				.value = sign * magnitude(h->worst[i].value),
				.tsc = h->worst[i].tsc,
			};
	return nr;
}

unsigned int dist_worst(const struct dist *d, struct dist_worst *out)
{
	unsigned int nr = take(d->late, 1, out);

	if (d->early)
		nr += take(d->early, -1, out + nr);
	qsort(out, nr, sizeof(*out), worse_first);
	return nr;
}
