/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hotplug.c - a housekeeping CPU offline and online again: the kernel stops all
 * CPUs for it (stop_machine()), those of the vCPUs too.
 */
#include <stdio.h>
#include <unistd.h>

#include "vmm/host/cpumask.h"
#include "vmm/run/stress.h"

#define TURN_US 50000

/* The last one, if there is another; -1: there is none to be spared. */
static int spare(const struct stress_host *h)
{
	struct cpumask cpus = cpumask_from_set(&h->cpus);

	return cpumask_count(&cpus) > 1 ? cpumask_last(&cpus) : -1;
}

static void file_of(const struct stress_host *h, char path[STRESS_PATH_LEN])
{
	snprintf(path, STRESS_PATH_LEN, "/sys/devices/system/cpu/cpu%d/online",
		 spare(h));
}

static bool lacks(const struct stress_host *h, char *why, size_t len)
{
	char path[STRESS_PATH_LEN], value[STRESS_VALUE_LEN];

	if (spare(h) < 0) {
		snprintf(why, len,
			 "two CPUs without a vCPU: one goes offline, latvisor "
			 "stays on the other");
		return true;
	}
	file_of(h, path);
	if (!stress_read(h, path, value)) {
		snprintf(why, len, "a kernel with CPU hotplug");
		return true;
	}
	return stress_may_not_write(h, path, why, len);
}

static void keep(const struct stress_host *h, struct stress_kept *k)
{
	char path[STRESS_PATH_LEN];

	file_of(h, path);
	stress_keep(h, k, path);
}

static void work(const struct stress_job *job)
{
	for (bool on = false;; on = !on) {
		if (job->kept->nr == 0 ||
		    !stress_write(job->host, job->kept->files[0].path,
				  on ? "1" : "0"))
			_exit(1);
		stress_did(job, 1);
		usleep(TURN_US);
	}
}

STRESS(hotplug, .what = "a CPU offline and online again", .unit = "changes",
       .workers = 1, .lacks = lacks, .keep = keep, .undo = stress_give_back,
       .work = work);
