/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * chain.h - a working set whose loads depend on each other: each line holds the
 * address of the next one, in an order that no prefetcher knows.
 */
#ifndef CACHE_CHAIN_H
#define CACHE_CHAIN_H

#include "guest-firmware/fw.h"

#define LINE_LEN    64u
#define CHAIN_LOADS 64 /* of a sample */

/*
 * The order of the lines is that of next = (FACTOR * this + 1) mod their
 * number, a power of two: since FACTOR - 1 is a multiple of 4 it comes to each
 * line once before it comes back (the theorem of Hull and Dobell, 1962).
 */
#define FACTOR 0x5851f42d4c957f2dull

struct line {
	struct line *next;
	uint64_t pad[LINE_LEN / 8 - 1];
};

/* nr: a power of two. */
static inline void chain_build(struct line *line, uint64_t nr)
{
	uint64_t mask = nr * LINE_LEN - 1, at = LINE_LEN & mask;

	/* at: the next line's place, for line 0, 1, 2 ... */
	for (uint64_t i = 0; i < nr; i++) {
		line[i].next = (struct line *)((uint64_t)line + at);
		at = (at + FACTOR * LINE_LEN) & mask;
	}
}

/*
 * A lap: it brings the lines into the caches, and is the proof that none is
 * left out.
 */
static inline bool chain_walk(const struct line *first, uint64_t nr)
{
	const struct line *line = first;
	uint64_t steps = 0;

	do {
		line = line->next;
		steps++;
	} while (line != first && steps <= nr);
	return steps == nr;
}

/* CHAIN_LOADS loads, each from the address that the one before gave. */
static inline const struct line *chain_chase(const struct line *line)
{
	asm volatile(".rept %c1\n"
		     "mov (%0), %0\n"
		     ".endr"
		     : "+r"(line)
		     : "i"(CHAIN_LOADS)
		     : "memory");
	return line;
}

#endif
