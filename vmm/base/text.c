/* SPDX-License-Identifier: BSD-2-Clause */
/* text.c - see text.h. */
#include <stdio.h>

#include "vmm/base/text.h"

void text_copy(char *to, size_t to_len, const char *from, size_t from_len)
{
	size_t i = 0;

	for (; i + 1 < to_len && i < from_len && from[i] != '\0'; i++)
		to[i] = from[i] >= 0x20 && from[i] < 0x7f ? from[i] : '?';
	to[i] = '\0';
}

void text_line(char *text)
{
	unsigned char c, before = 0;

	for (; *text != '\0'; text++, before = c) {
		c = (unsigned char)*text;
		if (c < 0x20 || c == 0x7f ||
		    (before == 0xc2 && c >= 0x80 && c < 0xa0))
			*text = '?';
	}
}

void text_size(char *to, size_t to_len, uint64_t bytes)
{
	if (bytes % 1024 == 0)
		snprintf(to, to_len, "%ju KiB", (uintmax_t)bytes >> 10);
	else
		snprintf(to, to_len, "%ju byte%s", (uintmax_t)bytes,
			 plural(bytes));
}
