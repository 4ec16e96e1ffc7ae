/* SPDX-License-Identifier: BSD-2-Clause */
/* blocks.h - the times in which the host's events were recorded, or were not.
 */
#ifndef VMM_RESULT_BLOCKS_H
#define VMM_RESULT_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One after the other; between two of them it was being switched. */
struct block {
	uint64_t begin, end; /* TSC */
	bool traced, lossy;  /* lossy: not all of its events are there */
};

struct blocks {
	struct block *list; /* nr of them, in order */
	size_t nr, room;
};

enum block_state {
	BLOCK_NEITHER,
	BLOCK_PLAIN,
	BLOCK_TRACED
};

/* In what lies all of begin to end?  A lossy block is neither. */
enum block_state blocks_state(const struct blocks *b, uint64_t begin,
			      uint64_t end);

/* The last block that begins at tsc or before: its number; -1: none does. */
long blocks_find(const struct blocks *b, uint64_t tsc);

/* Begins one at tsc, which block_end() ends.  Dies without memory. */
void blocks_begin(struct blocks *b, uint64_t tsc, bool traced);
void blocks_end(struct blocks *b, uint64_t tsc);

/* The last one lacks events. */
void blocks_lost(struct blocks *b);

void blocks_free(struct blocks *b);

#endif
