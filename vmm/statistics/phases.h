/* SPDX-License-Identifier: BSD-2-Clause */
/* phases.h - does it matter when in the host's tick a sample was due? */
#ifndef VMM_STATISTICS_PHASES_H
#define VMM_STATISTICS_PHASES_H

#include <stdbool.h>

#include "guest-firmware/abi/phases.h"
#include "vmm/statistics/dist.h"

/*
 * nr: samples that it should have.  NULL: it does not contradict itself; else
 * what is wrong, for "its phases ...".
 */
const char *phases_wrong(const struct phases *p, uint64_t nr);

/* The same, beside the samples that it should have. */
const char *phases_unlike(const struct phases *p, const struct dist *d);

/* Samples of a phase; its median, in cycles, to an eighth.  There must be one.
 */
uint64_t phases_count(const struct phases *p, unsigned int phase);
uint64_t phases_median(const struct phases *p, unsigned int phase);

/*
 * Adds those of the same period.  False, and nothing is changed: theirs is
 * another one, or there are more of a kind than can be counted.
 */
bool phases_add(struct phases *to, const struct phases *from);

/*
 * Do the medians differ, by an eighth at least and by more than chance gives
 * once in a thousand?  worth: as how many independent samples they count for
 * the median of all, 0: as many as they are.  low, high: the phases with the
 * least and the largest median, where true.
 */
bool phases_differ(const struct phases *p, double worth, unsigned int *low,
		   unsigned int *high);

#endif
