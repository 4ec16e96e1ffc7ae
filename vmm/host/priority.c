/* SPDX-License-Identifier: BSD-2-Clause */
/* priority.c - see priority.h. */
#include <stdio.h>
#include <string.h>

#include "vmm/host/priority.h"

/* t's is lower than what was found: a vCPU has to be below it. */
static int below(const struct task *t, int prio, char why[PRIO_WHY_LEN])
{
	if (!t || t->prio < 2 || t->prio > prio)
		return prio;
	snprintf(why, PRIO_WHY_LEN, "below %s", t->name);
	return t->prio - 1;
}

int priority_below(const struct tasks *t, const struct cpumask *vcpus,
		   char why[PRIO_WHY_LEN])
{
	static const char *const threads[] = {"rcuc", "ktimers", "ksoftirqd"};
	int prio = VCPU_PRIO_DEFAULT;

	why[0] = '\0';
	for (int cpu = cpumask_next(vcpus, 0); cpu >= 0;
	     cpu = cpumask_next(vcpus, cpu + 1))
		for (size_t i = 0; i < sizeof(threads) / sizeof(*threads); i++)
			prio = below(tasks_find_on(t, threads[i], cpu), prio,
				     why);
	return prio;
}

/* Has it RCU's thread, or those of PREEMPT_RT? */
static bool has_such_threads(const struct tree *tree)
{
	char text[8], why[TREE_WHY_LEN];

	return tree_has(tree, "sys/kernel/realtime") ||
	       (tree_read(tree, "sys/module/rcutree/parameters/use_softirq",
			  text, sizeof(text), why) == 0 &&
		strcmp(text, "N") == 0);
}

int priority_choose(const struct tree *tree, const int *cpus, uint32_t nr,
		    char why[PRIO_WHY_LEN])
{
	struct cpumask vcpus = {{0}};
	struct tasks tasks;
	int prio;

	why[0] = '\0';
	if (!has_such_threads(tree))
		return VCPU_PRIO_DEFAULT;
	for (uint32_t i = 0; i < nr; i++)
		if (cpus[i] >= 0 && cpus[i] < CPUMASK_CPUS)
			cpumask_add(&vcpus, cpus[i]);
	tasks_read(&tasks, tree, &vcpus);
	prio = priority_below(&tasks, &vcpus, why);
	tasks_free(&tasks);
	return prio;
}
