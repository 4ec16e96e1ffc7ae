/* SPDX-License-Identifier: BSD-2-Clause */
/* wrap.c - see wrap.h. */
#include <string.h>

#include "vmm/report/wrap.h"

unsigned int text_wrap(FILE *out, size_t indent, const char *label,
		       const char *text, bool is_command)
{
	size_t room = TEXT_WIDTH - indent - (is_command ? 2 : 0), column = 0;
	unsigned int lines = 1;

	if (out)
		fprintf(out, "%-*s", (int)indent, label);
	while (*(text += strspn(text, " "))) {
		size_t len = strcspn(text, " ");

		if (len > room)
			len = room;
		if (column && column + 1 + len > room) {
			if (out)
				fprintf(out, "%s\n%*s", is_command ? " \\" : "",
					(int)indent, "");
			lines++;
			column = 0;
		}
		if (out)
			fprintf(out, "%s%.*s", column ? " " : "", (int)len,
				text);
		column += len + (column ? 1 : 0);
		text += len;
	}
	if (out)
		fputc('\n', out);
	return lines;
}
