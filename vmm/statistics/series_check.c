/* SPDX-License-Identifier: BSD-2-Clause */
/* series_check.c - see series_check.h. */
#include "vmm/statistics/series_check.h"

static uint64_t bin_sum(const struct series *s, unsigned int block)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < SERIES_BINS; i++)
		sum += s->bin[block][i];
	return sum;
}

/* The blocks have the length that they say, and what comes then is empty. */
static const char *blocks_wrong(const struct series *s)
{
	uint64_t last = s->block_len - s->left;

	if (s->block >= SERIES_BLOCKS || s->left > s->block_len)
		return "has more blocks than there is room for";
	if (s->block_len > UINT64_MAX / SERIES_BLOCKS ||
	    s->block * s->block_len + last != s->nr)
		return "has blocks that do not add up to its samples";
	for (unsigned int i = 0; i <= s->block; i++)
		if (bin_sum(s, i) != (i < s->block ? s->block_len : last))
			return "has a block that counts other samples";
	return NULL;
}

/* Before there are blocks, no more is known of them than their length. */
static const char *begin_wrong(const struct series *s)
{
	if (s->left != 0 || s->block_len > INT64_MAX)
		return "has a block without samples";
	return NULL;
}

static const char *top_wrong(const struct series *s)
{
	if (s->nr_top != (s->nr < SERIES_TOP ? s->nr : SERIES_TOP))
		return "lacks some of its largest samples";
	for (uint64_t i = 0; i < s->nr_top; i++)
		if (s->top[i].nr >= s->nr ||
		    (i && s->top[i].value < s->top[(i - 1) / 2].value))
			return "has impossible largest samples";
	return NULL;
}

const char *series_wrong(const struct series *s, uint64_t nr)
{
	const char *wrong;

	if (s->nr != nr)
		return "counts other samples than its histogram";
	if (s->block_len == 0)
		return "has blocks of no length";
	wrong = top_wrong(s);
	if (wrong)
		return wrong;
	return s->nr < SERIES_FIRST ? begin_wrong(s) : blocks_wrong(s);
}

const char *series_unlike(const struct series *s, const struct dist *d)
{
	const char *wrong = series_wrong(s, dist_samples(d));
	int64_t least, most = INT64_MIN;

	if (wrong || s->nr == 0)
		return wrong;
	least = dist_min(d);
	for (uint64_t i = 0; i < s->nr_top; i++) {
		if (s->top[i].value < least)
			return "has a sample below its minimum";
		if (s->top[i].value > most)
			most = s->top[i].value;
	}
	if (most != dist_max(d))
		return "has another maximum than its histogram";
	if (s->base < least || s->base > most)
		return "begins with a sample that there is not";
	for (uint64_t i = 0; s->nr >= SERIES_FIRST && i <= s->block; i++) {
		bool empty = i == s->block && s->left == s->block_len;

		if (empty ? s->max[i] != INT64_MIN
			  : s->max[i] < least || s->max[i] > most)
			return "has a block with an impossible maximum";
	}
	return NULL;
}

unsigned int series_full(const struct series *s)
{
	if (s->nr < SERIES_FIRST)
		return 0;
	return (unsigned int)s->block + (s->left == 0);
}
