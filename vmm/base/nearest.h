/* SPDX-License-Identifier: BSD-2-Clause */
/* nearest.h - "did you mean": the word that a mistyped one is nearest to. */
#ifndef VMM_BASE_NEAREST_H
#define VMM_BASE_NEAREST_H

#include <stddef.h>

struct nearest {
	const char *wanted; /* len bytes of it */
	size_t len;
	/* Found so far: */
	const char *best; /* NULL: none is near */
	unsigned int distance;
	char known[1024]; /* every word that was tried: "a, b"; may be cut */
};

/*
 * Letters that are wrong, missing, too many or swapped each count as one: a
 * word is near with one for each three letters of the longer one.  word: lives
 * as long as n->best is used.
 */
void nearest_try(struct nearest *n, const char *word);

#endif
