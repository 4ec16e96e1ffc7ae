/* SPDX-License-Identifier: BSD-2-Clause */
/* host_cpus.c - see host_cpus.h. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "vmm/base/room.h"
#include "vmm/host/host_cpus.h"

#define CPU	   "sys/devices/system/cpu/"
#define MOST_NODES 1024
#define TEXT_LEN   4096
#define MOST_CACHE 8 /* indices of a CPU's caches */

static struct cpumask read_list(const struct tree *tree, const char *path)
{
	char text[TEXT_LEN], why[TREE_WHY_LEN];
	struct cpumask m = {{0}};

	if (tree_read(tree, path, text, sizeof(text), why) == 0 &&
	    cpumask_from_list(&m, text))
		return m;
	return (struct cpumask){{0}};
}

/* The number that a file of a CPU's begins with; other: it does not. */
static int number_of(const struct tree *tree, int cpu, const char *name,
		     int other)
{
	char path[128], text[TEXT_LEN], why[TREE_WHY_LEN];
	long n;

	snprintf(path, sizeof(path), CPU "cpu%d/%s", cpu, name);
	if (tree_read(tree, path, text, sizeof(text), why) != 0 ||
	    !isdigit((unsigned char)text[0]))
		return other;
	n = strtol(text, NULL, 10);
	return n < CPUMASK_CPUS ? (int)n : other;
}

static int l3_of(const struct tree *tree, int cpu)
{
	char name[64];

	for (int i = 0; i < MOST_CACHE; i++) {
		snprintf(name, sizeof(name), "cache/index%d/level", i);
		if (number_of(tree, cpu, name, 0) != 3)
			continue;
		snprintf(name, sizeof(name), "cache/index%d/shared_cpu_list",
			 i);
		return number_of(tree, cpu, name, 0);
	}
	return number_of(tree, cpu, "topology/core_siblings_list", 0);
}

static void read_nodes(const struct tree *tree, struct host_cpus *h)
{
	struct cpumask nodes =
		read_list(tree, "sys/devices/system/node/online");

	for (int n = cpumask_next(&nodes, 0); n >= 0 && n < MOST_NODES;
	     n = cpumask_next(&nodes, n + 1)) {
		struct cpumask cpus;
		char path[64];

		snprintf(path, sizeof(path),
			 "sys/devices/system/node/node%d/cpulist", n);
		cpus = read_list(tree, path);
		for (size_t i = 0; i < h->nr; i++)
			if (cpumask_has(&cpus, h->list[i].cpu))
				h->list[i].node = n;
	}
}

/* Documentation/admin-guide/cgroup-v2.rst, cpuset.cpus.isolated. */
static struct cpumask read_isolated(const struct tree *tree)
{
	struct cpumask a = read_list(tree, CPU "isolated");
	struct cpumask b =
		read_list(tree, "sys/fs/cgroup/cpuset.cpus.isolated");

	for (size_t i = 0; i < CPUMASK_CPUS / 64; i++)
		a.word[i] |= b.word[i];
	return a;
}

struct host_cpus host_cpus_read(const struct tree *tree,
				const struct cpumask *usable,
				const cpu_set_t *claimed)
{
	struct cpumask isolated = read_isolated(tree);
	struct cpumask tickless = read_list(tree, CPU "nohz_full");
	struct cpumask efficient = read_list(tree, "sys/devices/cpu_atom/cpus");
	struct cpumask low = read_list(tree, "sys/devices/cpu_lowpower/cpus");
	struct host_cpus h = {.nr = 0};

	h.list = room_for((size_t)cpumask_count(usable), sizeof(*h.list),
			  "for the host's CPUs");
	for (int cpu = cpumask_next(usable, 0); cpu >= 0;
	     cpu = cpumask_next(usable, cpu + 1))
		h.list[h.nr++] = (struct host_cpu){
			.cpu = cpu,
			.core = number_of(tree, cpu,
					  "topology/thread_siblings_list", cpu),
			.l3 = l3_of(tree, cpu),
			.kind = cpumask_has(&low, cpu)	       ? CPU_LOW_POWER
				: cpumask_has(&efficient, cpu) ? CPU_EFFICIENT
							       : CPU_FAST,
			.isolated = cpumask_has(&isolated, cpu),
			.tickless = cpumask_has(&tickless, cpu),
			.claimed = CPU_ISSET(cpu, claimed),
		};
	read_nodes(tree, &h);
	return h;
}

/* The kernel leaves those of it out that a cpuset does not have. */
struct cpumask host_cpus_usable(const struct tree *machine,
				const cpu_set_t *allowed)
{
	struct cpumask mine = cpumask_from_set(allowed), isolated, others;
	struct cpumask online = read_list(machine, CPU "online");
	cpu_set_t wanted = *allowed, got;

	isolated = read_isolated(machine);
	others = cpumask_without(&online, &isolated);
	others = cpumask_without(&others, &mine);
	isolated = cpumask_without(&isolated, &mine);
	if (cpumask_count(&others) > 0 || cpumask_count(&isolated) == 0)
		return mine;
	for (int cpu = cpumask_next(&isolated, 0);
	     cpu >= 0 && cpu < CPU_SETSIZE;
	     cpu = cpumask_next(&isolated, cpu + 1))
		CPU_SET(cpu, &wanted);
	got = *allowed;
	if (sched_setaffinity(0, sizeof(wanted), &wanted) == 0)
		sched_getaffinity(0, sizeof(got), &got);
	sched_setaffinity(0, sizeof(*allowed), allowed);
	return cpumask_from_set(&got);
}
