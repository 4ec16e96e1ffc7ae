/* SPDX-License-Identifier: BSD-2-Clause */
/* hist_check.h - is a histogram out of a guest's memory, or a file, possible?
 */
#ifndef VMM_STATISTICS_HIST_CHECK_H
#define VMM_STATISTICS_HIST_CHECK_H

#include "guest-firmware/abi/hist.h"

/*
 * No histogram has more samples, and no counter of a guest counts more: to
 * record so many takes days.  Sums over vCPUs, metrics and rounds need no look
 * at their size then: 2^6 * 2^8 * 2^7 of them are still below 2^63 beside
 * histograms, of which none that was added up has more either.
 */
#define HIST_MOST (1ull << 42)

/* In its buckets or not; of a histogram that is not wrong. */
static inline uint64_t hist_samples(const struct hist *h)
{
	return h->count + h->out_of_range;
}

/*
 * What figures come from must not contradict itself.  NULL: it does not; else
 * what is wrong, for "its histogram ...".
 */
const char *hist_wrong(const struct hist *h);

/*
 * Of a vCPU that was stopped, which may be between two stores of a sample, in
 * the order of hist_record(): what is in the buckets counts, and so does a
 * sample that is the maximum or the minimum already.
 */
void hist_settle(struct hist *h);

/* Where its worst list goes on, which whoever wrote it has chosen so far. */
void hist_adopt(struct hist *h);

#endif
