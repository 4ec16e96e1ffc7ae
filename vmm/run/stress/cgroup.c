/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cgroup.c - latvisor with its vCPUs into another cgroup and back: v2, or the
 * cpu controller's of v1 (admin-guide/cgroup-v2.rst).
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/run/stress.h"

#define V1	"/sys/fs/cgroup/cpu"
#define V2	"/sys/fs/cgroup"
#define TURN_US 10000

/* Where cgroups are, and which one latvisor is in; false: not known. */
static bool find(const struct stress_host *h, const char **top, char *own)
{
	char path[64], text[2048], *line, *rest = text;
	FILE *f;
	size_t n;

	*top = access(V2 "/cgroup.controllers", F_OK) == 0 ? V2 : V1;
	snprintf(path, sizeof(path), "/proc/%d/cgroup", (int)h->latvisor);
	f = fopen(path, "re");
	if (!f)
		return false;
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	while ((line = strsep(&rest, "\n")) != NULL) {
		const char *names = strchr(line, ':');
		const char *group = names ? strchr(names + 1, ':') : NULL;
		bool is_v2 = group && group == names + 1;

		if (!group || strlen(group) > STRESS_VALUE_LEN - 1)
			continue;
		if (strcmp(*top, V2) == 0
			    ? is_v2
			    : strncmp(names, ":cpu:", 5) == 0 ||
				      strncmp(names, ":cpu,", 5) == 0) {
			snprintf(own, STRESS_VALUE_LEN, "%s", group + 1);
			return true;
		}
	}
	return false;
}

static bool lacks(const struct stress_host *h, char *why, size_t len)
{
	char own[STRESS_VALUE_LEN];
	const char *top;

	if (!find(h, &top, own)) {
		snprintf(why, len, "cgroups at " V2);
		return true;
	}
	if (access(top, W_OK) == 0)
		return false;
	snprintf(why, len, "the right to make a cgroup: root");
	return true;
}

/* text: the new one; the file: that of the one where latvisor is. */
static void keep(const struct stress_host *h, struct stress_kept *k)
{
	char own[STRESS_VALUE_LEN];
	const char *top;

	if (!find(h, &top, own))
		return;
	snprintf(k->text, sizeof(k->text), "%s/latvisor-stress-%d", top,
		 (int)h->latvisor);
	snprintf(k->files[0].path, STRESS_PATH_LEN, "%s%s/cgroup.procs", top,
		 strcmp(own, "/") == 0 ? "" : own);
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
