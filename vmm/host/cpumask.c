/* SPDX-License-Identifier: BSD-2-Clause */
/* cpumask.c - see cpumask.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/room.h"
#include "vmm/host/cpulist.h"
#include "vmm/host/cpumask.h"

#define GROUP_BITS   32 /* lib/vsprintf.c, bitmap_string() */
#define GROUP_DIGITS 8

int cpumask_next(const struct cpumask *m, int from)
{
	for (int cpu = from; cpu < CPUMASK_CPUS; cpu++)
		if (cpumask_has(m, cpu))
			return cpu;
	return -1;
}

int cpumask_last(const struct cpumask *m)
{
	for (int cpu = CPUMASK_CPUS - 1; cpu >= 0; cpu--)
		if (cpumask_has(m, cpu))
			return cpu;
	return -1;
}

struct cpumask cpumask_and(const struct cpumask *a, const struct cpumask *b)
{
	struct cpumask m;

	for (size_t i = 0; i < CPUMASK_CPUS / 64; i++)
		m.word[i] = a->word[i] & b->word[i];
	return m;
}

struct cpumask cpumask_without(const struct cpumask *a, const struct cpumask *b)
{
	struct cpumask m;

	for (size_t i = 0; i < CPUMASK_CPUS / 64; i++)
		m.word[i] = a->word[i] & ~b->word[i];
	return m;
}

int cpumask_count(const struct cpumask *m)
{
	int nr = 0;

	for (size_t i = 0; i < CPUMASK_CPUS / 64; i++)
		nr += __builtin_popcountll(m->word[i]);
	return nr;
}

struct cpumask cpumask_from_set(const cpu_set_t *set)
{
	struct cpumask m = {{0}};

	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET((size_t)cpu, set))
			cpumask_add(&m, cpu);
	return m;
}

bool cpumask_from_list(struct cpumask *m, const char *text)
{
	int *cpus, nr;

	memset(m, 0, sizeof(*m));
	/* The kernel prints an empty nohz_full as "(null)". */
	if (*text == '\0' || strcmp(text, "(null)") == 0)
		return true;
	cpus = room_for(CPUMASK_CPUS, sizeof(*cpus), "for a list of CPUs");
	nr = cpulist_parse(text, CPULIST_NO_LAST, cpus, CPUMASK_CPUS);
	for (int i = 0; i < nr; i++)
		cpumask_add(m, cpus[i]);
	free(cpus);
	return nr > 0;
}

bool cpumask_from_hex(struct cpumask *m, const char *text)
{
	size_t len = strlen(text), nr = 0;

	memset(m, 0, sizeof(*m));
	if (len == 0)
		return false;
	/* From its end: bit 0 is there. */
	for (const char *p = text + len; p > text; nr++) {
		char group[GROUP_DIGITS + 1] = "";
		size_t digits = 0;

		while (p - digits > text && p[-1 - (long)digits] != ',')
			digits++;
		if (digits == 0 || digits > GROUP_DIGITS ||
		    nr * GROUP_BITS >= CPUMASK_CPUS)
			return false;
		memcpy(group, p - digits, digits);
		if (group[strspn(group, "0123456789abcdefABCDEF")] != '\0')
			return false;
		m->word[nr / 2] |= strtoull(group, NULL, 16)
				   << nr % 2 * GROUP_BITS;
		p -= digits;
		if (p == text)
			break;
		p--; /* a comma in front of it */
		if (p == text)
			return false;
	}
	return true;
}

void cpumask_to_list(const struct cpumask *m, char *text, size_t len)
{
	size_t at = 0;

	snprintf(text, len, "none");
	for (int cpu = cpumask_next(m, 0); cpu >= 0 && at < len;) {
		int last = cpu;

		while (last + 1 < CPUMASK_CPUS && cpumask_has(m, last + 1))
			last++;
		at += (size_t)snprintf(text + at, len - at,
				       last > cpu ? "%s%d-%d" : "%s%d",
				       at ? "," : "", cpu, last);
		cpu = cpumask_next(m, last + 1);
	}
}

void cpumask_to_hex(const struct cpumask *m, char *text, size_t len)
{
	size_t at = 0;
	int groups = CPUMASK_CPUS / GROUP_BITS;
	bool begun = false;

	snprintf(text, len, "0");
	for (int i = groups - 1; i >= 0 && at < len; i--) {
		unsigned int bits =
			(unsigned int)(m->word[i / 2] >> i % 2 * GROUP_BITS);

		if (!begun && bits == 0)
			continue;
		at += (size_t)snprintf(text + at, len - at,
				       begun ? ",%08x" : "%x", bits);
		begun = true;
	}
}
