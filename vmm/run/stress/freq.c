/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * freq.c - the most that the frequency may be, down to the least and up again:
 * of the housekeeping CPUs.  Whether others follow is the hardware's matter.
 */
#include <stdio.h>
#include <unistd.h>

#include "vmm/run/stress.h"

#define FOLDER	"/sys/devices/system/cpu/cpu%zu/cpufreq/"
#define TURN_US 10000

static bool lacks(const struct stress_host *h, char *why, size_t len)
{
	char path[STRESS_PATH_LEN], value[STRESS_VALUE_LEN];

	for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &h->cpus))
			continue;
		snprintf(path, sizeof(path), FOLDER "scaling_max_freq", cpu);
		if (!stress_read(h, path, value)) {
			snprintf(why, len,
				 "cpufreq, which this host does not have");
			return true;
		}
		return stress_may_not_write(h, path, why, len);
	}
	return false;
}

static void keep(const struct stress_host *h, struct stress_kept *k)
{
	char path[STRESS_PATH_LEN];

	for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &h->cpus))
			continue;
		snprintf(path, sizeof(path), FOLDER "scaling_max_freq", cpu);
		stress_keep(h, k, path);
	}
}

static void work(const struct stress_job *job)
{
	const struct stress_kept *k = job->kept;
	char path[STRESS_PATH_LEN + 32], least[STRESS_VALUE_LEN];

	for (bool down = true;; down = !down) {
		for (unsigned int i = 0; i < k->nr; i++) {
			const char *file = k->files[i].path;

			/* Beside it: the least that there is. */
			snprintf(path, sizeof(path), "%.*s/cpuinfo_min_freq",
				 (int)(stress_folder_len(file)), file);
			if (!stress_read(job->host, path, least) ||
			    !stress_write(job->host, file,
					  down ? least : k->files[i].value))
				_exit(1);
		}
		stress_did(job, 1);
		usleep(TURN_US);
	}
}

STRESS(freq, .what = "scaling_max_freq down to the least and up again",
       .unit = "changes", .workers = 1, .lacks = lacks, .keep = keep,
       .undo = stress_give_back, .work = work);
