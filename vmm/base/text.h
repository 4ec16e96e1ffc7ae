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

/*
 * Makes text one line that plays with no terminal, in place: '?' for each
 * control character, those of C1 in UTF-8 (U+0080 to U+009F) too.  Other UTF-8,
 * as names of files have it, stays.
 */
void text_line(char *text);

/* What makes a word of several things: "1 sample", "2 samples". */
static inline const char *plural(uintmax_t nr)
{
	return nr == 1 ? "" : "s";
}

/* A size, exact: "324 KiB", "10 bytes". */
void text_size(char *to, size_t to_len, uint64_t bytes);

#endif
