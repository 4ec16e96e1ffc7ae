/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * phases.h - the samples of a schedule by where their due times are in a period
 * of the host, its tick: in sixteenths, each with a coarse histogram.  The
 * guest records, the host reads.
 */
#ifndef ABI_PHASES_H
#define ABI_PHASES_H

#include <stdint.h>

#include "guest-firmware/abi/loglin.h"

#define PHASES_NR	 16u
#define PHASES_SUB_BITS	 3u  /* a bin is at most an eighth of its value wide */
#define PHASES_VALUE_MAX 36u /* in bits; more is in the last bin */
#define PHASES_BINS	 LOGLIN_NR(PHASES_SUB_BITS, PHASES_VALUE_MAX)

/*
 * Values are cycles, those below 0 are in the first bin.  The vCPU that records
 * is the only writer; a bin counts samples, below 2^32.
 */
struct phases {
	uint64_t period; /* cycles of the clock; metric_add() writes it */
	int64_t max[PHASES_NR]; /* INT64_MIN: that phase has no sample */
	uint32_t bin[PHASES_NR][PHASES_BINS];
};

/* Makes all-zero memory an empty one.  period: not 0. */
static inline void phases_init(struct phases *p, uint64_t period)
{
	p->period = period;
	for (unsigned int i = 0; i < PHASES_NR; i++)
		p->max[i] = INT64_MIN;
}

/* A sample of value cycles that was due at that time of the clock. */
static inline void phases_record(struct phases *p, uint64_t due, int64_t value)
{
	uint64_t phase = due % p->period * PHASES_NR / p->period;
	uint64_t size = value < 0 ? 0 : (uint64_t)value;

	if (size >> PHASES_VALUE_MAX)
		size = (1ull << PHASES_VALUE_MAX) - 1;
	if (value > p->max[phase])
		p->max[phase] = value;
	p->bin[phase][loglin_index(size, PHASES_SUB_BITS)]++;
}

#endif
