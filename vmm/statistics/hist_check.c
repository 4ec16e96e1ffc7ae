/* SPDX-License-Identifier: BSD-2-Clause */
/* hist_check.c - see hist_check.h. */
#include "vmm/statistics/hist_check.h"

const char *hist_wrong(const struct hist *h)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < HIST_NR_BUCKETS; i++)
		if (__builtin_add_overflow(sum, h->bucket[i], &sum) ||
		    sum > INT64_MAX)
			return "counts more samples than there can be";
	if (sum != h->count)
		return "has buckets that do not add up to its count";
	if (h->out_of_range > INT64_MAX - sum)
		return "counts more samples than there can be";
	if (sum + h->out_of_range == 0)
		return NULL;
	if (h->min > h->max || h->max > INT64_MAX)
		return "has an impossible minimum or maximum";
	if ((h->out_of_range != 0) != (h->max >> HIST_MAX_BITS != 0))
		return "has a maximum outside of its buckets";
	if (sum && (h->min >> HIST_MAX_BITS || !h->bucket[hist_index(h->min)]))
		return "has no sample in its minimum's bucket";
	if (!h->out_of_range && !h->bucket[hist_index(h->max)])
		return "has no sample in its maximum's bucket";
	if (!h->out_of_range && ((__uint128_t)sum * h->min > h->sum ||
				 (__uint128_t)sum * h->max < h->sum))
		return "has a sum that its samples cannot have";
	for (unsigned int i = 0; i < HIST_NR_WORST; i++)
		if (h->worst[i].value > h->max)
			return "has a worst sample above its maximum";
	return NULL;
}

void hist_settle(struct hist *h)
{
	h->count = 0;
	for (unsigned int i = 0; i < HIST_NR_BUCKETS; i++)
		h->count += h->bucket[i];
}
