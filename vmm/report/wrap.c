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

static unsigned int fix(FILE *out, size_t indent, const char *kind,
			const char *text, bool is_command)
{
	char line[TEXT_FIX_LEN + 8];

	if (!*text)
		return 0;
	snprintf(line, sizeof(line), "%s %s", kind, text);
	return text_wrap(out, indent, "", line, is_command);
}

unsigned int text_fixes(FILE *out, size_t indent, const struct text_fixes *f)
{
	unsigned int lines = fix(out, indent, "now:", f->run, true);

	lines += fix(out, indent, "boot:", f->boot, false);
	return lines + fix(out, indent,
			   f->run[0] || f->boot[0] ? "or:" : "fix:", f->other,
			   false);
}
