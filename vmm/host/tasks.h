/* SPDX-License-Identifier: BSD-2-Clause */
/* tasks.h - the threads of a host, Documentation/filesystems/proc.rst. */
#ifndef VMM_HOST_TASKS_H
#define VMM_HOST_TASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/host/cpumask.h"
#include "vmm/host/tree.h"

#define TASK_NAME_LEN 16

struct task {
	int pid, tid;
	char name[TASK_NAME_LEN];
	bool is_kernel;
	bool is_fixed; /* nobody may say where it runs */
	bool is_ours;  /* of this process */
	int prio;      /* SCHED_FIFO or SCHED_RR; 0: an ordinary one */
	bool on_vcpus, on_others; /* may run on CPUs of one kind, and other */
};

#define TASKS_MOST 32768 /* more are not looked at */

struct tasks {
	bool known; /* /proc has processes */
	size_t nr, room;
	struct task *list;
};

/* All that there are.  Dies without memory. */
void tasks_read(struct tasks *t, const struct tree *tree,
		const struct cpumask *vcpus);
void tasks_free(struct tasks *t);

/* The first one of that name, or NULL. */
const struct task *tasks_find(const struct tasks *t, const char *name);

/* A CPU's own: "rcuc/3"; name of 10 letters at most.  Or NULL. */
const struct task *tasks_find_on(const struct tasks *t, const char *name,
				 int cpu);

/*
 * One line of /proc/PID/stat: name, kernel thread or not, priority.  False: it
 * is none.
 */
bool task_parse(struct task *task, const char *stat);

#endif
