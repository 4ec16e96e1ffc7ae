/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpu_cgroup.h - the cgroup that shares out CPU time to a process: v2's, or
 * that of v1's cpu controller (Documentation/admin-guide/cgroup-v2.rst).
 */
#ifndef VMM_HOST_CPU_CGROUP_H
#define VMM_HOST_CPU_CGROUP_H

#include <stdbool.h>
#include <sys/types.h>

#define CPU_CGROUP_LEN 400

struct cpu_cgroup {
	const char *top;	    /* where cgroups of that kind are mounted */
	char group[CPU_CGROUP_LEN]; /* the process's below it: "/a/b"; "/" */
};

/* False: it cannot be read, or names none that is not longer than that. */
bool cpu_cgroup_read(struct cpu_cgroup *c, pid_t pid);

#endif
