/* SPDX-License-Identifier: BSD-2-Clause */
/* hist_add.c - see hist_add.h. */
#include "vmm/statistics/hist_add.h"
#include "vmm/statistics/hist_check.h"

static bool fits(const struct hist *a, const struct hist *b)
{
	uint64_t sum;

	return hist_samples(a) <= HIST_MOST - hist_samples(b) &&
	       !__builtin_add_overflow(a->sum, b->sum, &sum) &&
	       sum <= INT64_MAX;
}

bool hist_add(struct hist *to, const struct hist *from)
{
	if (hist_samples(from) == 0)
		return true;
	if (!fits(to, from))
		return false;
	to->count += from->count;
	to->out_of_range += from->out_of_range;
	to->sum += from->sum;
	if (from->min < to->min)
		to->min = from->min;
	if (from->max > to->max)
		to->max = from->max;
	for (unsigned int i = 0; i < HIST_NR_BUCKETS; i++)
		to->bucket[i] += from->bucket[i];
	for (unsigned int i = 0; i < HIST_NR_WORST; i++)
		if (from->worst[i].tsc != 0 &&
		    from->worst[i].value > to->worst_floor)
			hist_enter_worst(to, from->worst[i].value,
					 from->worst[i].tsc);
	return true;
}
