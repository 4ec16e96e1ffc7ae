/* SPDX-License-Identifier: BSD-2-Clause */
/* stress_work.c - see stress_work.h. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmm/base/text.h"
#include "vmm/run/stress_work.h"

#define BEGIN_US 20000	 /* a worker that cannot work has ended by then */
#define TURN_US	 5000	 /* between two looks whether it has ended */
#define TERM_US	 2000000 /* for a program to take its files away */

struct stress_workers *stress_workers_open(const struct stress_host *h)
{
	struct stress_workers *w = calloc(1, sizeof(*w));
	void *room =
		mmap(NULL, STRESS_MOST_WORKERS * sizeof(*w->done),
		     PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (!w || room == MAP_FAILED) {
		free(w);
		return NULL;
	}
	w->host = h;
	w->done = room;
	return w;
}

void stress_workers_close(struct stress_workers *w)
{
	munmap((void *)(uintptr_t)w->done,
	       STRESS_MOST_WORKERS * sizeof(*w->done));
	free(w);
}

/* The n-th of the CPUs, round and round. */
static void stay_on(const cpu_set_t *cpus, unsigned int n)
{
	int left = (int)(n % (unsigned int)CPU_COUNT(cpus));
	cpu_set_t one;

	CPU_ZERO(&one);
	for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, cpus) && left-- == 0)
			CPU_SET(cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one) != 0)
		_exit(1);
}

static _Noreturn void be_worker(const struct stress_workers *w,
				const struct stress_part *p, unsigned int n,
				pid_t keeper)
{
	struct stress_job job = {
		.host = w->host,
		.kept = &p->kept,
		.worker = n,
		.nr_workers = p->nr,
		.pair = {p->pair[0], p->pair[1]},
		.done = &w->done[p->first + n],
	};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != keeper)
		_exit(1);
	setpgid(0, 0);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	stay_on(&w->host->cpus, n);
	if (p->by_tool)
		execvp(p->stress->tool[0],
		       (char *const *)(uintptr_t)p->stress->tool);
	else
		p->stress->work(&job);
	_exit(1);
}

/* A worker for each CPU, or as many as it wants. */
static bool begin_part(struct stress_workers *w, struct stress_part *p)
{
	pid_t keeper = getpid();

	p->by_tool = p->stress->tool && stress_installed(p->stress->tool[0]);
	p->first = w->nr;
	if (!p->stress->work)
		return true;
	p->nr = p->stress->workers && !p->by_tool
			? p->stress->workers
			: (unsigned int)CPU_COUNT(&w->host->cpus);
	if (p->stress->keep)
		p->stress->keep(w->host, &p->kept);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, p->pair) != 0)
		return false;
	for (unsigned int i = 0; i < p->nr && w->nr < STRESS_MOST_WORKERS;
	     i++) {
		pid_t pid = fork();

		if (pid == 0)
			be_worker(w, p, i, keeper);
		if (pid < 0)
			return false;
		setpgid(pid, pid);
		w->pid[w->nr++] = pid;
	}
	return true;
}

bool stress_workers_begin(struct stress_workers *w,
			  const struct stress_mix *mix, char *why, size_t len)
{
	for (unsigned int i = 0; i < STRESS_MOST_WORKERS; i++)
		atomic_store(&w->done[i], 0);
	w->nr = w->nr_parts = 0;
	for (unsigned int i = 0; i < mix->nr; i++) {
		struct stress_part *p = &w->parts[w->nr_parts++];

		memset(p, 0, sizeof(*p));
		p->stress = mix->parts[i];
		p->pair[0] = p->pair[1] = -1;
		if (begin_part(w, p))
			continue;
		snprintf(why, len, "%s: the host has no room for its processes",
			 p->stress->name);
		return false;
	}
	usleep(BEGIN_US);
	for (unsigned int i = 0; i < w->nr_parts; i++)
		for (unsigned int k = 0; k < w->parts[i].nr; k++) {
			pid_t *pid = &w->pid[w->parts[i].first + k];

			if (waitpid(*pid, NULL, WNOHANG) != *pid)
				continue;
			*pid = 0;
			snprintf(why, len, "%s: it ended at once",
				 w->parts[i].stress->name);
			return false;
		}
	return true;
}

/* All of its group; a program of somebody's has files to take away. */
static void end_worker(pid_t pid)
{
	kill(-pid, SIGTERM);
	for (unsigned int us = 0; us < TERM_US; us += TURN_US) {
		if (waitpid(pid, NULL, WNOHANG) == pid)
			goto gone;
		usleep(TURN_US);
	}
	kill(-pid, SIGKILL);
	waitpid(pid, NULL, 0);
gone:
	kill(-pid, SIGKILL); /* what it has left behind */
}

/* The first line of what "TOOL --version" prints. */
static void tool_version(const char *tool, char *text, size_t len)
{
	char command[64], line[STRESS_TEXT_LEN] = "";
	FILE *out;

	snprintf(command, sizeof(command), "%.20s --version 2>&1", tool);
	out = popen(command, "re");
	if (out && !fgets(line, sizeof(line), out))
		line[0] = '\0';
	if (out)
		pclose(out);
	line[strcspn(line, "\n")] = '\0';
	text_copy(text, len, line, strlen(line));
}

/* "cpu: own, arithmetic without a pause: 1 on CPU 0, 123 million products" */
static void tell(const struct stress_part *p, uint64_t done, char *how,
		 size_t len)
{
	size_t at = strlen(how);

	if (p->by_tool) {
		char version[STRESS_TEXT_LEN];

		tool_version(p->stress->tool[0], version, sizeof(version));
		snprintf(how + at, len - at, "%s%s: %s (%s), %u of it",
			 at ? "; " : "", p->stress->name, p->stress->tool[0],
			 version, p->nr);
		return;
	}
	if (!p->stress->work) {
		snprintf(how + at, len - at, "%s%s: %s", at ? "; " : "",
			 p->stress->name, p->stress->what);
		return;
	}
	snprintf(how + at, len - at, "%s%s: %s, %u process%s, %ju %s",
		 at ? "; " : "", p->stress->name, p->stress->what, p->nr,
		 p->nr == 1 ? "" : "es", (uintmax_t)done, p->stress->unit);
}

uint64_t stress_workers_end(struct stress_workers *w, char *how, size_t len)
{
	uint64_t all = 0;

	for (unsigned int i = 0; i < w->nr; i++)
		if (w->pid[i])
			end_worker(w->pid[i]);
	if (how)
		how[0] = '\0';
	for (unsigned int i = w->nr_parts; i-- > 0;) {
		struct stress_part *p = &w->parts[i];

		if (p->stress->undo)
			p->stress->undo(w->host, &p->kept);
		for (int k = 0; k < 2; k++)
			if (p->pair[k] >= 0)
				close(p->pair[k]);
	}
	for (unsigned int i = 0; i < w->nr_parts; i++) {
		const struct stress_part *p = &w->parts[i];
		uint64_t done = 0;

		for (unsigned int k = 0; k < p->nr; k++)
			done += atomic_load(&w->done[p->first + k]);
		all += done;
		if (how)
			tell(p, done, how, len);
	}
	w->nr = w->nr_parts = 0;
	return all;
}
