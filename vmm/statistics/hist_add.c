/* SPDX-License-Identifier: BSD-2-Clause */
/* hist_add.c - see hist_add.h. */
#include "vmm/statistics/hist_add.h"

void hist_add(struct hist *to, const struct hist *from)
{
	if (from->count + from->out_of_range == 0)
		return;
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
}
