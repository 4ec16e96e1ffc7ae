/* SPDX-License-Identifier: BSD-2-Clause */
/* cpulist.c - see cpulist.h. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/host/cpulist.h"

#define CPU_MAX 4095

static int parse_cpu(const char **text)
{
	char *end;
	unsigned long cpu;

	if (!isdigit((unsigned char)**text))
		return -1;
	cpu = strtoul(*text, &end, 10);
	*text = end;
	return cpu > CPU_MAX ? -1 : (int)cpu;
}

int cpulist_parse(const char *text, int *cpus, int max)
{
	int nr = 0;

	for (;;) {
		int first = parse_cpu(&text);
		int last = first;

		if (*text == '-') {
			text++;
			last = parse_cpu(&text);
		}
		if (first < 0 || last < first || last - first >= max - nr)
			return -1;
		while (first <= last)
			cpus[nr++] = first++;
		if (*text == '\0')
			return nr;
		if (*text++ != ',')
			return -1;
	}
}

int cpulist_read(const char *path, int *cpus, int max)
{
	char line[4096];
	FILE *f = fopen(path, "re");
	int nr = 0;

	if (!f)
		return 0;
	if (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		nr = cpulist_parse(line, cpus, max);
	}
	fclose(f);
	return nr < 0 ? 0 : nr;
}
