/* SPDX-License-Identifier: BSD-2-Clause */
/* series_merge.c - see series_merge.h. */
#include <string.h>

#include "vmm/statistics/series_check.h"
#include "vmm/statistics/series_merge.h"

static bool in_step(const struct series *a, const struct series *b)
{
	return a->nr == b->nr && a->block_len == b->block_len &&
	       a->block == b->block && a->left == b->left &&
	       a->nr >= SERIES_FIRST;
}

/* Bins of another base: to the one that has the least value of the bin. */
static void add_blocks(struct series *to, const struct series *from)
{
	uint64_t off = (uint64_t)from->base - (uint64_t)to->base;

	for (unsigned int i = 0; i <= from->block; i++) {
		if (from->max[i] > to->max[i])
			to->max[i] = from->max[i];
		for (unsigned int k = 0; k < SERIES_BINS; k++) {
			uint64_t low = off + loglin_low(k, SERIES_SUB_BITS);

			if (low >> SERIES_VALUE_MAX)
				low = (1ull << SERIES_VALUE_MAX) - 1;
			to->bin[i][series_bin(low)] += from->bin[i][k];
		}
	}
}

/* Sample i of vCPU v of nr is the number i * nr + v of all. */
static void add_top(struct series *to, const struct series *from,
		    unsigned int nr, unsigned int v)
{
	for (uint64_t i = 0; i < from->nr_top; i++)
		if (from->top[i].value > to->top_floor)
			series_enter_top(to, from->top[i].value,
					 from->top[i].nr * nr + v);
}

bool series_merge(struct series *to, const struct series *const *from,
		  unsigned int nr)
{
	memset(to, 0, sizeof(*to));
	series_init(to, 0);
	to->base = from[0]->base;
	for (unsigned int v = 0; v < nr; v++) {
		if (!in_step(from[0], from[v]) ||
		    from[v]->block_len > UINT32_MAX / nr)
			return false;
		if (from[v]->base < to->base)
			to->base = from[v]->base;
	}
	to->nr = from[0]->nr * nr;
	to->block_len = from[0]->block_len * nr;
	to->left = from[0]->left * nr;
	to->block = from[0]->block;
	for (unsigned int v = 0; v < nr; v++) {
		add_blocks(to, from[v]);
		add_top(to, from[v], nr, v);
	}
	return true;
}
