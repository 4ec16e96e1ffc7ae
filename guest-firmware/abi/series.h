/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * series.h - what a histogram forgets: the order of a metric's samples, in
 * constant memory.  Samples that follow one another are alike; how much a
 * percentile is worth depends on it.  The guest records, the host reads.
 *
 * The samples are cut into consecutive blocks of the same length, each with a
 * coarse histogram of its own and its largest sample; the largest of all are
 * kept with their number.  When all blocks are full, each two become one.
 *
 * The guest only notes its samples (series_note()): the first of them it leaves
 * to the host, series_settle().  Else the sample that has a base at last would
 * count all of them, which takes longer than a short period.
 */
#ifndef ABI_SERIES_H
#define ABI_SERIES_H

#include <stddef.h>
#include <stdint.h>

#include "guest-firmware/abi/loglin.h"

#define SERIES_BLOCKS	64u
#define SERIES_SUB_BITS 3u /* a bin is at most an eighth of its value wide */
/* Above the base, in bits; more is in the last bin. */
#define SERIES_VALUE_MAX 36u
#define SERIES_BINS	 LOGLIN_NR(SERIES_SUB_BITS, SERIES_VALUE_MAX)
#define SERIES_FIRST	 32u  /* samples before there is a base */
#define SERIES_TOP	 512u /* a power of two */

struct series_top {
	int64_t value; /* cycles */
	uint64_t nr;   /* which sample it was, from 0 */
};

/*
 * Values are cycles, negative ones too.  The vCPU that records is the only
 * writer.  A bin counts samples: below 2^32 in a block, which takes 2^38
 * samples in all.
 */
struct series {
	uint64_t nr;	    /* samples recorded */
	uint64_t block_len; /* samples of a block, from 1 */
	uint64_t left;	    /* that the current block still takes; 0 at first */
	uint64_t block;	    /* the current one: those before it are full */
	int64_t base;	    /* least of the first samples: a bin's 0 */
	uint64_t nr_top;    /* entries of top */
	int64_t top_floor;  /* least of a full top; before it INT64_MIN */
	uint64_t row;	    /* block * SERIES_BINS */
	int64_t first[SERIES_FIRST]; /* in order; in no bin and max yet */
	int64_t max[SERIES_BLOCKS];
	struct series_top top[SERIES_TOP]; /* a heap, the least first */
	uint32_t bin[SERIES_BLOCKS][SERIES_BINS];
};

/* Of a value less the base, below 2^SERIES_VALUE_MAX. */
static inline uint64_t series_bin(uint64_t above)
{
	return loglin_index(above, SERIES_SUB_BITS);
}

/*
 * Makes all-zero memory an empty series.  asked: how many samples will come, 0:
 * not known; it need not be right.
 */
static inline void series_init(struct series *s, uint64_t asked)
{
	s->block_len = asked ? (asked + SERIES_BLOCKS - 1) / SERIES_BLOCKS : 1;
	s->top_floor = INT64_MIN;
	for (unsigned int i = 0; i < SERIES_BLOCKS; i++)
		s->max[i] = INT64_MIN;
}

/* Every two blocks become one, the second half of them empty. */
static __attribute__((noinline, unused)) void series_halve(struct series *s)
{
	const size_t half = SERIES_BLOCKS / 2;

	for (size_t i = 0; i < half; i++) {
		const uint32_t *a = s->bin[2 * i], *b = s->bin[2 * i + 1];

		s->max[i] = s->max[2 * i] > s->max[2 * i + 1]
				    ? s->max[2 * i]
				    : s->max[2 * i + 1];
		for (unsigned int k = 0; k < SERIES_BINS; k++)
			s->bin[i][k] = a[k] + b[k];
	}
	for (size_t i = half; i < SERIES_BLOCKS; i++) {
		s->max[i] = INT64_MIN;
		for (unsigned int k = 0; k < SERIES_BINS; k++)
			s->bin[i][k] = 0;
	}
	s->block = half;
	s->block_len *= 2;
}

static inline uint64_t series_bin_of(const struct series *s, int64_t value)
{
	uint64_t above = (uint64_t)value - (uint64_t)s->base;

	/* Below the base it wraps around. */
	if (__builtin_expect(above >> SERIES_VALUE_MAX != 0, 0))
		above = value < s->base ? 0 : (1ull << SERIES_VALUE_MAX) - 1;
	return series_bin(above);
}

/* Into the current block, which has room. */
static inline void series_count(struct series *s, int64_t value)
{
	uint64_t bin = series_bin_of(s, value);

	if (value > s->max[s->block])
		s->max[s->block] = value;
	(&s->bin[0][0])[s->row + bin]++;
	s->left--;
}

static inline void series_next(struct series *s)
{
	if (++s->block == SERIES_BLOCKS)
		series_halve(s);
	s->left = s->block_len;
	s->row = s->block * SERIES_BINS;
}

/*
 * The current block has no room, or there is none yet: the base is not known
 * before, the first samples wait.  With the last of them the blocks begin,
 * those that the first ones are in as if they were counted.
 */
static __attribute__((noinline, unused)) void series_turn(struct series *s,
							  int64_t value)
{
	const uint64_t last = SERIES_FIRST - 1;

	if (s->nr >= SERIES_FIRST) {
		series_next(s);
		series_count(s, value);
		return;
	}
	s->first[s->nr] = value;
	if (s->nr == 0 || value < s->base)
		s->base = value;
	if (s->nr < last)
		return;
	s->block = last / s->block_len;
	s->left = s->block_len - 1 - last % s->block_len;
	s->row = s->block * SERIES_BINS;
}

/*
 * The rare path: about SERIES_TOP * ln(n / SERIES_TOP) times in n samples.  nr:
 * the sample's number.
 */
static __attribute__((noinline, unused)) void
series_enter_top(struct series *s, int64_t value, uint64_t nr)
{
	struct series_top *top = s->top;
	uint64_t at = s->nr_top;

	if (at < SERIES_TOP) { /* up from the end */
		s->nr_top++;
		for (; at && top[(at - 1) / 2].value > value; at = (at - 1) / 2)
			top[at] = top[(at - 1) / 2];
	} else { /* down from the least one's place */
		at = 0;
		while (2 * at + 1 < SERIES_TOP) {
			uint64_t down = 2 * at + 1;

			if (down + 1 < SERIES_TOP &&
			    top[down + 1].value < top[down].value)
				down++;
			if (top[down].value >= value)
				break;
			top[at] = top[down];
			at = down;
		}
	}
	top[at].value = value;
	top[at].nr = nr;
	if (s->nr_top == SERIES_TOP)
		s->top_floor = top[0].value;
}

/*
 * The next sample, in the guest.  25 instructions or so, unless it is among the
 * largest.
 */
static inline void series_note(struct series *s, int64_t value)
{
	if (__builtin_expect(value > s->top_floor, 0))
		series_enter_top(s, value, s->nr);
	if (__builtin_expect(s->left == 0, 0))
		series_turn(s, value);
	else
		series_count(s, value);
	s->nr++;
}

/*
 * Counts the first samples, which the guest did not, once.  s may be any bits:
 * nothing but s is written.
 */
static inline void series_settle(struct series *s)
{
	if (s->nr < SERIES_FIRST || s->block_len == 0)
		return;
	for (uint64_t i = 0; i < SERIES_FIRST; i++) {
		uint64_t block = i / s->block_len;

		if (s->first[i] > s->max[block])
			s->max[block] = s->first[i];
		s->bin[block][series_bin_of(s, s->first[i])]++;
	}
}

/* The next sample, on the host: never to be settled. */
static inline void series_record(struct series *s, int64_t value)
{
	series_note(s, value);
	if (s->nr == SERIES_FIRST)
		series_settle(s);
}

_Static_assert(SERIES_FIRST <= SERIES_BLOCKS, "blocks of one sample");
_Static_assert(sizeof(struct series) % 64 == 0, "series layout");
_Static_assert(offsetof(struct series, first) == 64, "series layout");
_Static_assert(offsetof(struct series, bin) == 9024, "series layout");

#endif
