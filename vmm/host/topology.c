/* SPDX-License-Identifier: BSD-2-Clause */
/* topology.c - see topology.h. */
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "vmm/host/cpulist.h"
#include "vmm/host/host.h"
#include "vmm/host/topology.h"

static int64_t package_of(const char *root, int cpu)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/cpu%d/topology/physical_package_id",
		 root, cpu);
	return host_number(path, -1);
}

/* A core of one thread has the CPU itself in its list. */
static bool is_sibling(const char *root, int a, int b)
{
	int siblings[CPU_SETSIZE];
	char path[256];
	int nr;

	snprintf(path, sizeof(path), "%s/cpu%d/topology/thread_siblings_list",
		 root, a);
	nr = cpulist_read(path, siblings, CPU_SETSIZE);
	for (int i = 0; i < nr; i++)
		if (siblings[i] == b)
			return true;
	return false;
}

const char *topology_relation(const char *root, int a, int b)
{
	int64_t package = package_of(root, a), other = package_of(root, b);

	if (a == b)
		return "same CPU";
	if (package < 0 || other < 0)
		return "unknown";
	if (package != other)
		return "other package";
	return is_sibling(root, a, b) ? "same core" : "same package";
}
