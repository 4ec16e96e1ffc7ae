/* SPDX-License-Identifier: BSD-2-Clause */
/* text.h - text that comes from a guest or a file, and small parts of
 * sentences. */
#ifndef VMM_BASE_TEXT_H
#define VMM_BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Copies text of at most from_len bytes (NUL or not at its end) into to,
 * NUL-terminated, with '?' for everything that is not printable ASCII.
 */
void text_copy(char *to, size_t to_len, const char *from, size_t from_len);

/* What makes a word of several things: "1 sample", "2 samples". */
static inline const char *plural(uintmax_t nr)
{
	return nr == 1 ? "" : "s";
}

/* A size, exact: "324 KiB", "10 bytes". */
void text_size(char *to, size_t to_len, uint64_t bytes);

#endif
