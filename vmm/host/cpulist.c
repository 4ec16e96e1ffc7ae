/* SPDX-License-Identifier: BSD-2-Clause */
/* cpulist.c - see cpulist.h. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/host/cpulist.h"

#define CPU_MAX	 4095
#define LINE_LEN 4096

/* Some of the CPUs from first to last: the first used of each group. */
struct region {
	int first, last, used, group;
};

/* A number up to CPU_MAX; -1: there is none here. */
static int parse_number(const char **text)
{
	char *end;
	unsigned long n;

	if (!isdigit((unsigned char)**text))
		return -1;
	n = strtoul(*text, &end, 10);
	*text = end;
	return n > CPU_MAX ? -1 : (int)n;
}

static int parse_cpu(const char **text, int last)
{
	if (**text != 'N')
		return parse_number(text);
	++*text;
	return last;
}

/* "2-5", "N", "all", and what may be behind it; text: its end. */
static bool parse_region(struct region *r, const char **text, int last)
{
	bool is_range = true;

	*r = (struct region){.last = last, .used = 1, .group = 1};
	if (strncmp(*text, "all", 3) == 0) {
		*text += 3;
	} else {
		r->first = r->last = parse_cpu(text, last);
		is_range = **text == '-';
		if (is_range) {
			++*text;
			r->last = parse_cpu(text, last);
		}
	}
	if (is_range && **text == ':') {
		++*text;
		r->used = parse_number(text);
		if (**text != '/')
			return false;
	}
	if (is_range && **text == '/') {
		++*text;
		r->group = parse_number(text);
	}
	return r->first >= 0 && r->last >= r->first && r->used > 0 &&
	       r->group >= r->used;
}

/* -1: there is no room. */
static int add_region(const struct region *r, int *cpus, int nr, int max)
{
	for (int at = r->first; at <= r->last; at += r->group)
		for (int i = 0; i < r->used && at + i <= r->last; i++) {
			if (nr == max)
				return -1;
			cpus[nr++] = at + i;
		}
	return nr;
}

int cpulist_parse(const char *text, int last, int *cpus, int max)
{
	int nr = 0;

	for (;;) {
		struct region r;

		if (!parse_region(&r, &text, last))
			return -1;
		nr = add_region(&r, cpus, nr, max);
		if (nr < 0 || *text == '\0')
			return nr;
		if (*text++ != ',')
			return -1;
	}
}

int cpulist_read(const char *path, int *cpus, int max)
{
	char line[LINE_LEN];
	FILE *f = fopen(path, "re");
	int nr = 0;

	if (!f)
		return 0;
	if (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		nr = cpulist_parse(line, CPULIST_NO_LAST, cpus, max);
	}
	fclose(f);
	return nr < 0 ? 0 : nr;
}

/* The kernel has them in ascending order. */
int cpulist_last(const struct tree *tree)
{
	char text[LINE_LEN], why[TREE_WHY_LEN];
	int cpus[CPU_MAX + 1], nr;

	if (tree_read(tree, "sys/devices/system/cpu/online", text, sizeof(text),
		      why) != 0)
		return CPULIST_NO_LAST;
	nr = cpulist_parse(text, CPULIST_NO_LAST, cpus, CPU_MAX + 1);
	return nr > 0 ? cpus[nr - 1] : CPULIST_NO_LAST;
}
