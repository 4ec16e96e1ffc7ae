/* SPDX-License-Identifier: BSD-2-Clause */
/* text.h - text that comes from a guest or a file. */
#ifndef VMM_BASE_TEXT_H
#define VMM_BASE_TEXT_H

#include <stddef.h>

/*
 * Copies text of at most from_len bytes (NUL or not at its end) into to,
 * NUL-terminated, with '?' for everything that is not printable ASCII.
 */
void text_copy(char *to, size_t to_len, const char *from, size_t from_len);

#endif
