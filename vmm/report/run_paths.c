/* SPDX-License-Identifier: BSD-2-Clause */
/* run_paths.c - which of KVM's paths several runs took, each path once. */
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/base/text.h"
#include "vmm/report/text.h"

#define MOST 12 /* lines; a file of a sweep has all */

struct runs {
	char *const *paths;
	const char *const *names; /* NULL: rows */
	unsigned int nr;
};

static bool is_same(const struct runs *s, unsigned int a, unsigned int b)
{
	return s->paths[b] && strcmp(s->paths[a], s->paths[b]) == 0;
}

static bool is_first(const struct runs *s, unsigned int i)
{
	for (unsigned int k = 0; k < i; k++)
		if (s->paths[i] && is_same(s, i, k))
			return false;
	return s->paths[i] != NULL;
}

/* "1 to 6, 9", or "hello, cache". */
static void print_who(const struct runs *s, unsigned int of, FILE *out)
{
	const char *between = s->names ? " " : " row ";
	unsigned int nr = 0;

	for (unsigned int i = of; i < s->nr; i++)
		nr += is_same(s, of, i);
	if (!s->names && nr > 1)
		between = " rows ";
	for (unsigned int i = of; i < s->nr; i++) {
		unsigned int last = i;

		if (!is_same(s, of, i))
			continue;
		fputs(between, out);
		between = ", ";
		if (s->names) {
			fputs(s->names[i], out);
			continue;
		}
		while (last + 1 < s->nr && is_same(s, of, last + 1))
			last++;
		fprintf(out, "%u", i + 1);
		if (last > i)
			fprintf(out, " to %u", last + 1);
		i = last;
	}
}

static void print_path(const struct runs *s, unsigned int of, bool is_only,
		       FILE *out)
{
	char *text = NULL;
	size_t len;
	FILE *line = open_memstream(&text, &len);

	if (!line)
		die_errno("no memory for a line");
	fputs("path", line);
	if (!is_only) {
		fputs(" of", line);
		print_who(s, of, line);
	}
	fprintf(line, ": %s", s->paths[of]);
	fclose(line);
	report_path_line(text, out);
	free(text);
}

void report_run_paths(char *const *paths, const char *const *names,
		      unsigned int nr, FILE *out)
{
	const struct runs s = {paths, names, nr};
	unsigned int all = 0, shown = 0;

	for (unsigned int i = 0; i < nr; i++)
		all += is_first(&s, i);
	for (unsigned int i = 0; i < nr && shown < MOST; i++)
		if (is_first(&s, i)) {
			print_path(&s, i, all == 1, out);
			shown++;
		}
	if (all > shown)
		fprintf(out, "and %u more path%s\n", all - shown,
			plural(all - shown));
}
