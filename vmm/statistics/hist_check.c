/* SPDX-License-Identifier: BSD-2-Clause */
/* hist_check.c - see hist_check.h. */
#include <stdbool.h>

#include "vmm/statistics/hist_check.h"

#define BEYOND (1ull << HIST_MAX_BITS) /* has no bucket */

static const char too_many[] = "counts more samples than there can be";

/* False: they are more than there can be. */
static bool add_buckets(const struct hist *h, uint64_t *sum)
{
	*sum = 0;
	for (unsigned int i = 0; i < HIST_NR_BUCKETS; i++) {
		if (h->bucket[i] > HIST_MOST)
			return false;
		*sum += h->bucket[i];
		if (*sum > HIST_MOST)
			return false;
	}
	return true;
}

static bool is_empty(const struct hist *h, uint64_t value)
{
	return h->bucket[hist_index(value)] == 0;
}

/* Has a bucket beside the range of the samples some? */
static bool has_strays(const struct hist *h)
{
	uint64_t first = h->min < BEYOND ? hist_index(h->min) : HIST_NR_BUCKETS;
	uint64_t last = h->max < BEYOND ? hist_index(h->max) : HIST_NR_BUCKETS;

	for (uint64_t i = 0; i < HIST_NR_BUCKETS; i++)
		if ((i < first || i > last) && h->bucket[i])
			return true;
	return false;
}

/* Of one that has samples. */
static const char *range_wrong(const struct hist *h)
{
	if (h->min > h->max || h->max > INT64_MAX)
		return "has an impossible minimum or maximum";
	if ((h->out_of_range != 0) != (h->max >= BEYOND))
		return "has a maximum outside of its buckets";
	if (h->count ? h->min >= BEYOND || is_empty(h, h->min)
		     : h->min < BEYOND)
		return "has no sample in its minimum's bucket";
	if (h->max < BEYOND && is_empty(h, h->max))
		return "has no sample in its maximum's bucket";
	if (has_strays(h))
		return "has samples below its minimum or above its maximum";
	return NULL;
}

/* The sum is that of the samples in the buckets. */
static bool sum_wrong(const struct hist *h)
{
	uint64_t least = h->min, most = h->max < BEYOND ? h->max : BEYOND - 1;

	if (h->count == 0)
		return h->sum != 0;
	return h->sum > INT64_MAX || (__uint128_t)h->count * least > h->sum ||
	       (__uint128_t)h->count * most < h->sum;
}

/* Entries without a time are free. */
static const char *worst_wrong(const struct hist *h)
{
	uint64_t nr = 0;

	for (unsigned int i = 0; i < HIST_NR_WORST; i++) {
		const struct hist_worst *w = &h->worst[i];

		nr += w->tsc != 0;
		if (nr > hist_samples(h))
			return "has more worst samples than samples";
		if (w->value > h->max)
			return "has a worst sample above its maximum";
		if (w->tsc > INT64_MAX)
			return "has a worst sample at an impossible time";
		if (w->tsc && (w->value < h->min ||
			       (w->value < BEYOND && is_empty(h, w->value))))
			return "has a worst sample that is in no bucket";
	}
	return NULL;
}

const char *hist_wrong(const struct hist *h)
{
	const char *wrong = NULL;
	uint64_t sum;

	if (!add_buckets(h, &sum) || h->out_of_range > HIST_MOST - sum)
		return too_many;
	if (sum != h->count)
		return "has buckets that do not add up to its count";
	if (hist_samples(h))
		wrong = range_wrong(h);
	if (wrong)
		return wrong;
	if (sum_wrong(h))
		return "has a sum that its samples cannot have";
	return worst_wrong(h);
}

/* True: it was an extreme before it was counted, and is now. */
static bool finish(struct hist *h, uint64_t extreme)
{
	if (extreme >= BEYOND) {
		if (h->out_of_range)
			return false;
		h->out_of_range = 1;
		return true;
	}
	if (!is_empty(h, extreme))
		return false;
	h->bucket[hist_index(extreme)] = 1;
	h->sum += extreme;
	h->count++;
	return true;
}

void hist_settle(struct hist *h)
{
	uint64_t before = h->count, least;

	if (!add_buckets(h, &h->count) || (h->count | h->out_of_range) == 0)
		return;
	if (h->max > INT64_MAX || h->min > h->max)
		return;
	/* In its bucket already, and not yet in the sum. */
	if (before < h->count &&
	    !__builtin_mul_overflow(h->count, h->min, &least) &&
	    h->sum < least && h->sum >= before * h->min)
		h->sum = least;
	if (!finish(h, h->max))
		finish(h, h->min);
}

void hist_adopt(struct hist *h)
{
	h->worst_slot = 0;
	for (unsigned int i = 1; i < HIST_NR_WORST; i++)
		if (h->worst[i].value < h->worst[h->worst_slot].value)
			h->worst_slot = i;
	h->worst_floor = h->worst[h->worst_slot].value;
	h->break_at = 0;
}
