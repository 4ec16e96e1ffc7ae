/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host_cpus.h - what tells one CPU of a host from another when some are to be
 * chosen for vCPUs: choose_cpus.h.
 */
#ifndef VMM_HOST_HOST_CPUS_H
#define VMM_HOST_HOST_CPUS_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>

#include "vmm/host/cpumask.h"
#include "vmm/host/tree.h"

/* Of hybrid processors; all others have the first kind only. */
enum cpu_kind {
	CPU_FAST,
	CPU_EFFICIENT,
	CPU_LOW_POWER,
};

struct host_cpu {
	int cpu;
	int core; /* number of the first CPU of its core ... */
	int l3;	  /* ... and of those that share its L3, or its package */
	int node;
	enum cpu_kind kind;
	bool isolated; /* by isolcpus=, or a cpuset's isolated partition */
	bool tickless; /* nohz_full */
	bool claimed;  /* another latvisor measures on it */
};

struct host_cpus {
	size_t nr;
	struct host_cpu *list; /* in ascending order, to be freed */
};

/*
 * Those of usable, by sysfs.  What a kernel does not say: a core of its own,
 * one L3, one node.
 */
struct host_cpus host_cpus_read(const struct tree *tree,
				const struct cpumask *usable,
				const cpu_set_t *claimed);

/*
 * CPUs that a process may use whose affinity is allowed.  isolcpus= takes its
 * CPUs out of everybody's, so those count too unless somebody made it smaller
 * than that; a cpuset holds.  For the calling thread.
 */
struct cpumask host_cpus_usable(const struct tree *machine,
				const cpu_set_t *allowed);

#endif
