/* SPDX-License-Identifier: BSD-2-Clause */
/* memory_nodes.c - see memory_nodes.h. */
#include <errno.h>
#include <linux/mempolicy.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vmm/host/cpumask.h"
#include "vmm/host/memory_nodes.h"

#define NODES	 "sys/devices/system/node/"
#define TEXT_LEN 4096

static struct cpumask read_mask(const struct tree *tree, const char *path)
{
	char text[TEXT_LEN], why[TREE_WHY_LEN];
	struct cpumask m;

	if (tree_read(tree, path, text, sizeof(text), why) == 0 &&
	    cpumask_from_list(&m, text))
		return m;
	return (struct cpumask){{0}};
}

static bool has_any(const struct cpumask *m, const int *cpus, uint32_t nr)
{
	for (uint32_t i = 0; i < nr; i++)
		if (cpus[i] >= 0 && cpus[i] < CPUMASK_CPUS &&
		    cpumask_has(m, cpus[i]))
			return true;
	return false;
}

struct memory_nodes memory_nodes_read(const struct tree *tree, const int *cpus,
				      uint32_t nr)
{
	struct cpumask all = read_mask(tree, NODES "has_memory");
	struct memory_nodes n = {.nr_host = 0};

	for (int i = cpumask_next(&all, 0); i >= 0 && i < MEMORY_NODES_MAX;
	     i = cpumask_next(&all, i + 1)) {
		struct cpumask mask;
		char path[64];

		snprintf(path, sizeof(path), NODES "node%d/cpulist", i);
		mask = read_mask(tree, path);
		n.nr_host++;
		if (has_any(&mask, cpus, nr))
			n.near[i / 64] |= 1ull << i % 64;
	}
	return n;
}

void memory_nodes_text(const struct memory_nodes *n, char *text, size_t len)
{
	struct cpumask m = {{0}};

	memcpy(m.word, n->near, sizeof(n->near));
	cpumask_to_list(&m, text, len);
}

/* Without a node of its own a CPU has what is nearest: nothing to say. */
int memory_nodes_bind(const struct memory_nodes *n, void *hva, size_t len)
{
	bool none = true;

	for (size_t i = 0; i < MEMORY_NODES_MAX / 64; i++)
		none &= n->near[i] == 0;
	if (none)
		return -ENODEV;
	/* One bit more than there are: the kernel takes one away. */
	return syscall(SYS_mbind, hva, len, MPOL_BIND, n->near,
		       (unsigned long)MEMORY_NODES_MAX + 1, 0) != 0
		       ? -errno
		       : 0;
}
