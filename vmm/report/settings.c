/* SPDX-License-Identifier: BSD-2-Clause */
/* settings.c - see settings.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/report/settings.h"

#define COMMAND_LEN 512
#define LOOP	    "for cpu in "
#define LOOP_BODY   "; do "
#define LOOP_END    "; done"

static bool parse(const char *command, struct setting *s)
{
	int end = -1;

	return sscanf(command, "echo %127[^;>&| ] > %191[^;>&| ]%n", s->value,
		      s->path, &end) == 2 &&
	       end >= 0 && command[end] == '\0' && s->path[0] == '/';
}

/* A CPU's number in the place of "$cpu", if it is there. */
static void fill(char *text, const char *body, size_t len, long cpu)
{
	static const char mark[] = "$cpu";
	const char *at = memmem(body, len, mark, strlen(mark));

	if (at)
		snprintf(text, COMMAND_LEN, "%.*s%ld%.*s", (int)(at - body),
			 body, cpu, (int)(body + len - at) - 4,
			 at + strlen(mark));
	else
		snprintf(text, COMMAND_LEN, "%.*s", (int)len, body);
}

static bool visit_loop(const char *command, setting_visitor *visit, void *arg)
{
	const char *cpus = command + strlen(LOOP);
	const char *body = strstr(cpus, LOOP_BODY);
	const char *end = body ? strstr(body, LOOP_END) : NULL;
	char text[COMMAND_LEN], *next;
	struct setting s;

	if (!end || end[strlen(LOOP_END)] != '\0')
		return false;
	body += strlen(LOOP_BODY);
	fill(text, body, (size_t)(end - body), 0);
	if (!parse(text, &s))
		return false;
	for (long cpu = strtol(cpus, &next, 10); next > cpus;
	     cpu = strtol(cpus, &next, 10)) {
		fill(text, body, (size_t)(end - body), cpu);
		if (parse(text, &s))
			visit(arg, &s);
		cpus = next;
	}
	return true;
}

bool settings_of(const char *command, setting_visitor *visit, void *arg)
{
	struct setting s;

	if (strncmp(command, LOOP, strlen(LOOP)) == 0)
		return visit_loop(command, visit, arg);
	if (!parse(command, &s))
		return false;
	visit(arg, &s);
	return true;
}
