/* SPDX-License-Identifier: BSD-2-Clause */
/* check_host.c - the host that checks look at: check.h. */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/host/check.h"
#include "vmm/host/choose_cpus.h"
#include "vmm/host/priority.h"

static bool read_list(const struct check_host *h, const char *path,
		      struct cpumask *mask)
{
	char text[CHECK_TEXT_LEN], why[TREE_WHY_LEN];

	memset(mask, 0, sizeof(*mask));
	return tree_read(&h->tree, path, text, sizeof(text), why) == 0 &&
	       cpumask_from_list(mask, text);
}

/* Those that were asked for.  False: one is not there. */
static bool take_cpus(struct check_host *h, const char *root, const int *cpus,
		      unsigned int nr, char why[CHECK_WHY_LEN])
{
	for (unsigned int i = 0; i < nr; i++) {
		char list[128];

		cpumask_to_list(&h->online, list, sizeof(list));
		if (!cpumask_has(&h->online, cpus[i])) {
			snprintf(why, CHECK_WHY_LEN,
				 "CPU %d is not online%s%s: wanted some of %s "
				 "for --cpus",
				 cpus[i], root ? " in " : "", root ? root : "",
				 list);
			return false;
		}
		cpumask_add(&h->vcpus, cpus[i]);
	}
	return true;
}

/* The one that run would take; of another machine's, if all may be used. */
static void take_one(struct check_host *h)
{
	static const cpu_set_t none;
	struct cpumask usable = h->online;
	struct cpu_choice choice;
	struct host_cpus host;
	cpu_set_t allowed;

	if (h->tree.is_machine &&
	    sched_getaffinity(0, sizeof(allowed), &allowed) == 0)
		usable = host_cpus_usable(&h->tree, &allowed);
	host = host_cpus_read(&h->tree, &usable, &none);
	choice = choose_cpus(&host, 1);
	free(host.list);
	if (choice.nr)
		cpumask_add(&h->vcpus, choice.cpu[0]);
}

static void take_isolated(struct check_host *h)
{
	struct cpumask isolated;

	if (read_list(h, "sys/devices/system/cpu/isolated", &isolated))
		h->vcpus = cpumask_and(&isolated, &h->online);
	/* As many as vCPUs there can be. */
	while (cpumask_count(&h->vcpus) > MAX_VCPUS) {
		int cpu = cpumask_next(&h->vcpus, 0);

		h->vcpus.word[cpu / 64] &= ~(1ull << cpu % 64);
	}
	if (cpumask_count(&h->vcpus) == 0)
		take_one(h);
}

static void read_command_line(struct check_host *h)
{
	char why[TREE_WHY_LEN];

	h->has_command_line =
		tree_read(&h->tree, "proc/cmdline", h->command_line,
			  sizeof(h->command_line), why) == 0;
}

static bool read_cpus(struct check_host *h, const char *root, const int *cpus,
		      unsigned int nr_cpus, char why[CHECK_WHY_LEN])
{
	if (!read_list(h, "sys/devices/system/cpu/online", &h->online) ||
	    cpumask_count(&h->online) == 0) {
		snprintf(why, CHECK_WHY_LEN,
			 "%s/sys/devices/system/cpu/online does not say which "
			 "CPUs there are%s",
			 root ? root : "",
			 root ? ": --root wants a copy of /proc and /sys" : "");
		return false;
	}
	if (nr_cpus)
		return take_cpus(h, root, cpus, nr_cpus, why);
	take_isolated(h);
	return true;
}

bool check_host_open(struct check_host *h, const char *root, const int *cpus,
		     unsigned int nr_cpus, char why[CHECK_WHY_LEN])
{
	char below[PRIO_WHY_LEN];
	int err;

	memset(h, 0, sizeof(*h));
	err = tree_open(&h->tree, root);
	if (err) {
		snprintf(why, CHECK_WHY_LEN,
			 "--root wants a folder with proc and sys in it, %s: "
			 "%s",
			 root ? root : "/", strerror(-err));
		return false;
	}
	if (!read_cpus(h, root, cpus, nr_cpus, why)) {
		tree_close(&h->tree);
		return false;
	}
	h->others = cpumask_without(&h->online, &h->vcpus);
	read_command_line(h);
	tasks_read(&h->tasks, &h->tree, &h->vcpus);
	h->prio = priority_below(&h->tasks, &h->vcpus, below);
	return true;
}

void check_host_close(struct check_host *h)
{
	tasks_free(&h->tasks);
	tree_close(&h->tree);
}
