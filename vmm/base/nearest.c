/* SPDX-License-Identifier: BSD-2-Clause */
/* nearest.c - see nearest.h. */
#include <stdio.h>
#include <string.h>

#include "vmm/base/nearest.h"

#define LONGEST 32

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

typedef unsigned int table[LONGEST + 1][LONGEST + 1];

/* The least number of edits that make the first i letters of a k of b. */
static unsigned int edits(table d, const char *a, size_t i, const char *b,
			  size_t k)
{
	unsigned int best;

	if (i == 0 || k == 0)
		return (unsigned int)(i + k);
	best = least(d[i - 1][k], d[i][k - 1]) + 1;
	best = least(best, d[i - 1][k - 1] + (a[i - 1] != b[k - 1]));
	if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
		best = least(best, d[i - 2][k - 2] + 1);
	return best;
}

/* Damerau's distance, of restricted edits; both are LONGEST at most. */
static unsigned int distance(const char *a, size_t len_a, const char *b,
			     size_t len_b)
{
	table d;

	for (size_t i = 0; i <= len_a; i++)
		for (size_t k = 0; k <= len_b; k++)
			d[i][k] = edits(d, a, i, b, k);
	return d[len_a][len_b];
}

void nearest_try(struct nearest *n, const char *word)
{
	size_t len = strlen(word), at = strlen(n->known);
	unsigned int far;

	snprintf(n->known + at, sizeof(n->known) - at, "%s%s", at ? ", " : "",
		 word);
	if (len > LONGEST || n->len > LONGEST)
		return;
	far = distance(n->wanted, n->len, word, len);
	if (far > (len > n->len ? len : n->len) / 3 ||
	    (n->best && far >= n->distance))
		return;
	n->best = word;
	n->distance = far;
}
