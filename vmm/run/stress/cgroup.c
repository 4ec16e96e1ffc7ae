/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cgroup.c - latvisor with its vCPUs into another cgroup and back: v2, or the
 * cpu controller's of v1 (admin-guide/cgroup-v2.rst).
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/host/cpu_cgroup.h"
#include "vmm/run/stress.h"

#define TURN_US 10000

/* Where latvisor is; false: not known, or too long for a path of ours. */
static bool find(const struct stress_host *h, struct cpu_cgroup *c)
{
	return cpu_cgroup_read(c, h->latvisor) &&
	       strlen(c->group) < STRESS_VALUE_LEN;
}

static bool lacks(const struct stress_host *h, char *why, size_t len)
{
	struct cpu_cgroup c;

	if (!find(h, &c)) {
		snprintf(why, len, "cgroups at /sys/fs/cgroup");
		return true;
	}
	if (access(c.top, W_OK) == 0)
		return false;
	snprintf(why, len, "the right to make a cgroup: root");
	return true;
}

/* text: the new one; the file: that of the one where latvisor is. */
static void keep(const struct stress_host *h, struct stress_kept *k)
{
	struct cpu_cgroup c;

	if (!find(h, &c))
		return;
	snprintf(k->text, sizeof(k->text), "%s/latvisor-stress-%d", c.top,
		 (int)h->latvisor);
	snprintf(k->files[0].path, STRESS_PATH_LEN, "%s%.63s/cgroup.procs",
		 c.top, strcmp(c.group, "/") == 0 ? "" : c.group);
	if (mkdir(k->text, 0755) != 0)
		k->text[0] = '\0';
}

static bool move(const struct stress_host *h, const char *file)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", (int)h->latvisor);
	return stress_write(h, file, pid);
}

static void undo(const struct stress_host *h, struct stress_kept *k)
{
	if (!k->text[0])
		return;
	move(h, k->files[0].path);
	rmdir(k->text);
}

static void work(const struct stress_job *job)
{
	char there[STRESS_PATH_LEN + 16];

	snprintf(there, sizeof(there), "%s/cgroup.procs", job->kept->text);
	while (job->kept->text[0] && move(job->host, there)) {
		usleep(TURN_US);
		if (!move(job->host, job->kept->files[0].path))
			break;
		stress_did(job, 2);
		usleep(TURN_US);
	}
	_exit(1);
}

STRESS(cgroup, .what = "latvisor into another cgroup and back", .unit = "moves",
       .workers = 1, .lacks = lacks, .keep = keep, .undo = undo, .work = work);
