/* SPDX-License-Identifier: BSD-2-Clause */
/* blocks.c - see blocks.h. */
#include <stdlib.h>

#include "vmm/base/die.h"
#include "vmm/result/blocks.h"

#define FIRST_ROOM 64

long blocks_find(const struct blocks *b, uint64_t tsc)
{
	size_t low = 0, high = b->nr;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (b->list[middle].begin <= tsc)
			low = middle + 1;
		else
			high = middle;
	}
	return (long)low - 1;
}

enum block_state blocks_state(const struct blocks *b, uint64_t begin,
			      uint64_t end)
{
	long i = blocks_find(b, begin);

	if (i < 0 || end < begin || end > b->list[i].end || b->list[i].lossy)
		return BLOCK_NEITHER;
	return b->list[i].traced ? BLOCK_TRACED : BLOCK_PLAIN;
}

void blocks_begin(struct blocks *b, uint64_t tsc, bool traced)
{
	if (b->nr == b->room) {
		size_t room = b->room ? 2 * b->room : FIRST_ROOM;

		b->list = reallocarray(b->list, room, sizeof(*b->list));
		if (!b->list)
			die_errno("no memory for a trace");
		b->room = room;
	}
	/* Open until it is ended, and empty if it never is. */
	b->list[b->nr++] =
		(struct block){.begin = tsc, .end = tsc, .traced = traced};
}

void blocks_end(struct blocks *b, uint64_t tsc)
{
	if (b->nr)
		b->list[b->nr - 1].end = tsc;
}

void blocks_lost(struct blocks *b)
{
	if (b->nr)
		b->list[b->nr - 1].lossy = true;
}

void blocks_free(struct blocks *b)
{
	free(b->list);
	*b = (struct blocks){0};
}
