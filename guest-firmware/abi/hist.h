/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hist.h - a log-linear histogram: three significant digits, integers only,
 * constant time.  The guest records, the host reads.
 *
 * Values below 2^11 have a bucket each.  Above, every power of two is cut
 * into 2^10 buckets, so a bucket is at most 1/1024 of its value wide and its
 * middle is wrong by less than 0.05 %.
 */
#ifndef ABI_HIST_H
#define ABI_HIST_H

#include <stddef.h>
#include <stdint.h>

#include "guest-firmware/abi/loglin.h"

/* The fuzzers take fewer: a result is read so much faster. */
#ifndef HIST_SUB_BITS
#define HIST_SUB_BITS 10u
#endif
#define HIST_MAX_BITS	36u /* range: below 2^36 cycles, 17 s at 4 GHz */
#define HIST_NR_BUCKETS LOGLIN_NR(HIST_SUB_BITS, HIST_MAX_BITS)
#define HIST_NR_WORST	16u

struct hist_worst {
	uint64_t value; /* cycles */
	uint64_t tsc;	/* when the sample ended */
};

/*
 * Values are cycles.  The vCPU that records is the only writer once it records;
 * metric_add() sets min and break_at before.
 */
struct hist {
	uint64_t count;	       /* samples in the buckets */
	uint64_t out_of_range; /* samples of 2^HIST_MAX_BITS and above */
	uint64_t sum;	       /* of the samples in the buckets */
	uint64_t min;	       /* of every sample; UINT64_MAX: none yet */
	uint64_t max;	       /* of every sample */
	uint64_t worst_floor;  /* a value above it enters the worst list */
	uint64_t worst_slot;   /* which entry that value replaces */
	uint64_t break_at; /* hist_record() says when one is above; 0: never */
	struct hist_worst worst[HIST_NR_WORST]; /* in no order */
	uint64_t bucket[HIST_NR_BUCKETS];
};

/* value: below 2^HIST_MAX_BITS. */
static inline uint64_t hist_index(uint64_t value)
{
	return loglin_index(value, HIST_SUB_BITS);
}

/* The smallest value that falls into bucket index. */
static inline uint64_t hist_bucket_low(uint64_t index)
{
	return loglin_low(index, HIST_SUB_BITS);
}

static inline uint64_t hist_bucket_width(uint64_t index)
{
	uint64_t shift = index >> HIST_SUB_BITS;

	return shift <= 1 ? 1 : 1ull << (shift - 1);
}

/* Makes all-zero memory an empty histogram. */
static inline void hist_init(struct hist *h)
{
	h->min = UINT64_MAX;
}

/*
 * The rare path: expected about 16 * ln(n / 16) times in n samples.  The list
 * may hold zeroes from before it is full; they are the first to go.  True: the
 * sample is above break_at.
 */
static __attribute__((noinline, unused)) _Bool
hist_enter_worst(struct hist *h, uint64_t value, uint64_t tsc)
{
	struct hist_worst *w = h->worst;
	uint64_t slot = 0;

	w[h->worst_slot].value = value;
	w[h->worst_slot].tsc = tsc;
	for (uint64_t i = 1; i < HIST_NR_WORST; i++)
		if (w[i].value < w[slot].value)
			slot = i;
	h->worst_slot = slot;
	h->worst_floor = w[slot].value;
	return h->break_at != 0 && value > h->break_at;
}

/*
 * Records one sample.  value: cycles; tsc: when it ended.  Below 30
 * instructions unless the sample is among the worst so far.
 *
 * True: it is above break_at.  Looking for that among the worst only misses
 * none of the first HIST_NR_WORST: until the list is full of such, its floor is
 * 0 or the value of a sample that was not above break_at.
 */
static inline _Bool hist_record(struct hist *h, uint64_t value, uint64_t tsc)
{
	if (value < h->min)
		h->min = value;
	if (value > h->max)
		h->max = value;
	if (__builtin_expect(value >> HIST_MAX_BITS != 0, 0)) {
		h->out_of_range++;
	} else {
		h->bucket[hist_index(value)]++;
		h->sum += value;
		h->count++;
	}
	if (__builtin_expect(value > h->worst_floor, 0))
		return hist_enter_worst(h, value, tsc);
	return 0;
}

/* nr samples of the same value, none of which is among the worst. */
static inline void hist_record_many(struct hist *h, uint64_t value, uint64_t nr)
{
	if (value < h->min)
		h->min = value;
	if (value > h->max)
		h->max = value;
	if (value >> HIST_MAX_BITS != 0) {
		h->out_of_range += nr;
		return;
	}
	h->bucket[hist_index(value)] += nr;
	h->sum += value * nr;
	h->count += nr;
}

/*
 * nr deadlines in a row, a period apart, that were given up without a sample.
 * late: of the first, then; each counts as late as it was or by a period,
 * whichever is more.  Of more than HIST_MISSED_STEPS several count as late as
 * their first, so that the time this takes does not make more of them without
 * end.
 */
#define HIST_MISSED_STEPS 32u

static inline void hist_record_missed(struct hist *h, uint64_t late,
				      uint64_t period, uint64_t nr)
{
	uint64_t many = (nr + HIST_MISSED_STEPS - 1) / HIST_MISSED_STEPS;

	for (uint64_t i = 0; i < nr; i += many) {
		uint64_t left = nr - i, earlier = i * period;
		uint64_t was = late > earlier ? late - earlier : 0;

		hist_record_many(h, was > period ? was : period,
				 left < many ? left : many);
	}
}

_Static_assert(offsetof(struct hist, worst) == 64, "histogram layout");
_Static_assert(offsetof(struct hist, bucket) == 320, "histogram layout");

#endif
