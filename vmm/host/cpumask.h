/* SPDX-License-Identifier: BSD-2-Clause */
/* cpumask.h - sets of CPUs, as the kernel's files have them: lists, masks. */
#ifndef VMM_HOST_CPUMASK_H
#define VMM_HOST_CPUMASK_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CPUMASK_CPUS 4096

struct cpumask {
	uint64_t word[CPUMASK_CPUS / 64];
};

static inline bool cpumask_has(const struct cpumask *m, int cpu)
{
	return m->word[cpu / 64] >> cpu % 64 & 1;
}

static inline void cpumask_add(struct cpumask *m, int cpu)
{
	m->word[cpu / 64] |= 1ull << cpu % 64;
}

/* The first CPU of it from a number on; -1: none. */
int cpumask_next(const struct cpumask *m, int from);

/* The last one; -1: there is none. */
int cpumask_last(const struct cpumask *m);

/* In a, and is it in b: of each CPU. */
struct cpumask cpumask_and(const struct cpumask *a, const struct cpumask *b);
struct cpumask cpumask_without(const struct cpumask *a,
			       const struct cpumask *b);

int cpumask_count(const struct cpumask *m);

struct cpumask cpumask_from_set(const cpu_set_t *set);

/* "0-2,5"; "" and "(null)" are none.  False: it is no such list. */
bool cpumask_from_list(struct cpumask *m, const char *text);

/* "ff,00000001": 32 bits a group, the highest first.  False: it is none. */
bool cpumask_from_hex(struct cpumask *m, const char *text);

/* Into text, cut where it is too long; "none" for none. */
void cpumask_to_list(const struct cpumask *m, char *text, size_t len);
void cpumask_to_hex(const struct cpumask *m, char *text, size_t len);

#endif
