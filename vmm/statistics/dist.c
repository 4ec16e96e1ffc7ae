/* SPDX-License-Identifier: BSD-2-Clause */
/* dist.c - see dist.h. */
#include <stdlib.h>

#include "vmm/statistics/dist.h"

static bool has(const struct hist *h)
{
	return h && (h->count || h->out_of_range);
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

uint64_t dist_rank(uint64_t count, uint32_t q)
{
	uint64_t rank = (uint64_t)(((__uint128_t)count * q + QUANTILE_ONE - 1) /
				   QUANTILE_ONE);

	return rank ? rank : 1;
}

static int64_t within(const struct hist *h, uint64_t value)
{
	if (value < h->min)
		return magnitude(h->min);
	return magnitude(value > h->max ? h->max : value);
}

/* Where a sample of that bucket is, at least, at best and at most. */
static void place(struct dist_at *at, const struct hist *h, unsigned int index,
		  bool negative)
{
	uint64_t first = hist_bucket_low(index);
	uint64_t more = hist_bucket_width(index) - 1;
	int64_t low = within(h, first), high = within(h, first + more);
	int64_t value = within(h, first + more / 2);

	at->low = negative ? -high : low;
	at->value = negative ? -value : value;
	at->high = negative ? -low : high;
}

/*
 * Goes through one histogram, before which are seen samples; answers ranks up
 * to last.  How many it answered.
 */
static unsigned int find(const struct hist *h, bool negative, uint64_t seen,
			 uint64_t last, struct dist_at *at, unsigned int nr)
{
	unsigned int done = 0;

	for (unsigned int n = 0; n < HIST_NR_BUCKETS; n++) {
		/* The earliest of all is the largest of the early ones. */
		unsigned int i = negative ? HIST_NR_BUCKETS - 1 - n : n;

		if (h->bucket[i] == 0)
			continue;
		seen += h->bucket[i];
		for (; done < nr && at[done].rank <= last; done++) {
			if (at[done].rank > seen)
				break;
			place(&at[done], h, i, negative);
		}
	}
	/* Only a histogram that contradicts itself has too few. */
	for (; done < nr && at[done].rank <= last; done++)
		at[done].low = at[done].value = at[done].high =
			negative ? -magnitude(h->min) : magnitude(h->max);
	return done;
}

static int lowest_first(const void *a, const void *b)
{
	const struct dist_at *x = a, *y = b;

	return (x->rank > y->rank) - (x->rank < y->rank);
}

void dist_find(const struct dist *d, struct dist_at *at, unsigned int nr)
{
	uint64_t early = d->early ? d->early->count : 0;
	unsigned int done = 0;

	qsort(at, nr, sizeof(*at), lowest_first);
	if (early)
		done = find(d->early, true, 0, early, at, nr);
	find(d->late, false, early, UINT64_MAX, at + done, nr - done);
}

const struct dist_at *dist_found(const struct dist_at *at, uint64_t rank)
{
	while (at->rank != rank)
		at++;
	return at;
}

int64_t dist_quantile(const struct dist *d, uint32_t q)
{
	struct dist_at at = {.rank = dist_rank(dist_count(d), q)};

	dist_find(d, &at, 1);
	return at.value;
}

uint64_t dist_out_of_range(const struct dist *d)
{
	return d->late->out_of_range + (d->early ? d->early->out_of_range : 0);
}

uint64_t dist_samples(const struct dist *d)
{
	return dist_count(d) + dist_out_of_range(d);
}

bool dist_supports(const struct dist *d, uint32_t q)
{
	return dist_out_of_range(d) == 0 &&
	       (__uint128_t)dist_count(d) * (QUANTILE_ONE - q) >= QUANTILE_ONE;
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
