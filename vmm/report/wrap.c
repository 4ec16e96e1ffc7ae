/* SPDX-License-Identifier: BSD-2-Clause */
/* wrap.c - see wrap.h. */
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/report/wrap.h"

unsigned int text_wrap(FILE *out, size_t indent, const char *label,
		       const char *text, bool is_command)
{
	size_t room = TEXT_WIDTH - indent - (is_command ? 2 : 0);
	size_t label_len = strlen(label);
	/* A label of indent or more that no space follows. */
	bool beside =
		label_len && label_len >= indent && label[label_len - 1] != ' ';
	size_t column = beside ? label_len - indent : 0;
	unsigned int lines = 1;

	if (out)
		fprintf(out, "%-*s", (int)indent, label);
	while (*(text += strspn(text, " "))) {
		size_t len = strcspn(text, " ");

		if (len > room)
			len = room;
		if ((column || beside) && column + 1 + len > room) {
			if (out)
				fprintf(out, "%s\n%*s", is_command ? " \\" : "",
					(int)indent, "");
			lines++;
			column = 0;
			beside = false;
		}
		beside = beside || column;
		if (out)
			fprintf(out, "%s%.*s", beside ? " " : "", (int)len,
				text);
		column += len + beside;
		beside = false;
		text += len;
	}
	if (out)
		fputc('\n', out);
	return lines;
}

FILE *paragraph_begin(struct paragraph *p)
{
	FILE *from = open_memstream(&p->text, &p->len);

	if (!from)
		die_errno("no memory for the report");
	return from;
}

void paragraph_end(struct paragraph *p, FILE *from, FILE *out, size_t indent)
{
	char *rest;

	if (fclose(from) != 0)
		die_errno("no memory for the report");
	rest = p->text + strspn(p->text, " ");
	rest += strcspn(rest, " ");
	if (*rest)
		*rest++ = '\0';
	text_wrap(out, indent, p->text, rest, false);
	free(p->text);
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
