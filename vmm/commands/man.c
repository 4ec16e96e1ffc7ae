/* SPDX-License-Identifier: BSD-2-Clause */
/* man.c - see man.h. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/commands/command.h"
#include "vmm/commands/man.h"

#define WIDTH 76

/* Wraps text below a term: a tab before each line, paragraphs kept. */
static void print_text(const char *text, FILE *out)
{
	size_t column = 0;

	while (*text) {
		size_t len = strcspn(text, " \n");

		if (len && column && column + 1 + len > WIDTH) {
			fputc('\n', out);
			column = 0;
		}
		if (len) {
			fprintf(out, "%s%.*s", column ? " " : "\t", (int)len,
				text);
			column += len + 1;
		}
		text += len;
		if (*text == '\n') {
			fputc('\n', out);
			column = 0;
		}
		if (*text)
			text++;
	}
	fputs("\n\n", out);
}

static void print_option(const struct command_option *o, FILE *out)
{
	if (o->letter)
		fprintf(out, "*-%c*, ", o->letter);
	fprintf(out, "*--%s*", o->name);
	if (o->arg)
		fprintf(out, "=_%s_", o->arg);
	fputc('\n', out);
	if (o->man) {
		print_text(o->man, out);
		return;
	}
	/* A sentence for the page out of a phrase for --help. */
	fprintf(out, "\t%c", toupper((unsigned char)o->help[0]));
	fprintf(out, "%s.\n\n", o->help + 1);
}

static void print_group(const struct option_group *g, FILE *out)
{
	for (size_t i = 0; i < g->nr; i++)
		print_option(&g->options[i], out);
}

static bool has_group(const struct command *c, const struct option_group *g)
{
	for (int k = 0; k < COMMAND_MAX_GROUPS; k++)
		if (c->groups[k] == g)
			return true;
	return false;
}

/* "run, sweep AND bench": whose group it is. */
static void print_users(const struct option_group *g,
			const struct command *const *list, unsigned int nr,
			FILE *out)
{
	unsigned int users = 0, said = 0;

	for (unsigned int i = 0; i < nr; i++)
		users += has_group(list[i], g);
	for (unsigned int i = 0; i < nr; i++) {
		if (!has_group(list[i], g))
			continue;
		if (said)
			fputs(said + 1 == users ? " AND " : ", ", out);
		fputs(list[i]->name, out);
		said++;
	}
}

static void print_heading(const struct option_group *g,
			  const struct command *const *list, unsigned int nr,
			  FILE *out)
{
	char *text = NULL;
	size_t len;
	FILE *users = open_memstream(&text, &len);

	if (!users)
		return;
	print_users(g, list, nr, users);
	fclose(users);
	fputs("# OPTIONS OF ", out);
	for (const char *p = text; *p; p++)
		fputc(toupper((unsigned char)*p), out);
	fputs("\n\n", out);
	free(text);
}

/* Has a command before that one printed the group? */
static bool is_first(const struct option_group *g,
		     const struct command *const *list, unsigned int before)
{
	for (unsigned int i = 0; i < before; i++)
		if (has_group(list[i], g))
			return false;
	return true;
}

int man_print(FILE *out)
{
	const struct command *list[MAX_COMMANDS];
	unsigned int nr = commands_list(list);

	fputs("# COMMANDS\n\n", out);
	for (unsigned int i = 0; i < nr; i++) {
		fprintf(out, "*%s* %s\n", list[i]->name, list[i]->args);
		print_text(list[i]->man, out);
	}
	for (unsigned int i = 0; i < nr; i++) {
		for (int k = 0; k < COMMAND_MAX_GROUPS; k++) {
			const struct option_group *g = list[i]->groups[k];

			if (!g || !is_first(g, list, i))
				continue;
			print_heading(g, list, nr, out);
			print_group(g, out);
		}
	}
	return 0;
}
