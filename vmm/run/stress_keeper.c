/* SPDX-License-Identifier: BSD-2-Clause */
/* stress_keeper.c - see stress_keeper.h. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/run/stress_keeper.h"
#include "vmm/run/stress_work.h"

#define END 255 /* in the place of a mix's number */

/* What the keeper says to it. */
struct answer {
	bool fine;
	uint64_t done;
	char text[STRESS_HOW_LEN]; /* how, or why not */
};

struct stress_keeper {
	int fd;
};

/* It is no part of what the shell or the terminal ends with latvisor. */
static void settle(const struct stress_host *h)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	prctl(PR_SET_NAME, "latvisor-stress");
	for (int fd = 0; null >= 0 && fd <= 2; fd++)
		dup2(null, fd);
	sched_setaffinity(0, sizeof(h->cpus), &h->cpus);
}

/* Until latvisor is gone: the other end is its, and nobody else's. */
static _Noreturn void keep(int fd, const struct stress_plan *plan,
			   const struct stress_host *h)
{
	struct stress_workers *w = stress_workers_open(h);
	unsigned char which;

	settle(h);
	if (!w)
		_exit(1);
	while (recv(fd, &which, 1, 0) == 1) {
		struct answer a = {.fine = true};

		if (which < plan->nr)
			a.fine = stress_workers_begin(w, &plan->mixes[which],
						      a.text, sizeof(a.text));
		if (which == END)
			a.done = stress_workers_end(w, a.text, sizeof(a.text));
		else if (!a.fine)
			stress_workers_end(w, NULL, 0);
		if (send(fd, &a, sizeof(a), MSG_NOSIGNAL) != sizeof(a))
			break;
	}
	stress_workers_end(w, NULL, 0);
	stress_workers_close(w);
	_exit(0);
}

struct stress_keeper *stress_start(const struct stress_plan *plan,
				   const struct placement *p,
				   unsigned int nr_vcpus)
{
	struct stress_keeper *k = calloc(1, sizeof(*k));
	char why[2 * STRESS_WHY_LEN];
	struct stress_host h;
	int ends[2];
	pid_t pid;

	stress_place(&h, p, nr_vcpus);
	if (stress_lacks(plan, &h, why, sizeof(why)))
		die("--stress: %s", why);
	if (!k || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		die_errno("cannot prepare for --stress");
	pid = fork();
	if (pid < 0)
		die_errno("cannot prepare for --stress");
	if (pid == 0) {
		close(ends[0]);
		keep(ends[1], plan, &h);
	}
	close(ends[1]);
	k->fd = ends[0];
	return k;
}

/* What both sides know by the sandbox's two: write and read. */
static bool ask(const struct stress_keeper *k, unsigned char which,
		struct answer *a)
{
	memset(a, 0, sizeof(*a));
	if (write(k->fd, &which, 1) == 1 &&
	    read(k->fd, a, sizeof(*a)) == sizeof(*a))
		return true;
	snprintf(a->text, sizeof(a->text),
		 "the process that makes disturbances has gone");
	return false;
}

bool stress_begin(struct stress_keeper *k, unsigned int i, char *why,
		  size_t len)
{
	struct answer a;
	bool fine = ask(k, (unsigned char)i, &a) && a.fine;

	snprintf(why, len, "%s", a.text);
	return fine;
}

void stress_end(struct stress_keeper *k, uint64_t *done, char *how, size_t len)
{
	struct answer a;

	ask(k, END, &a);
	*done = a.done;
	snprintf(how, len, "%s", a.text);
}

void stress_close(struct stress_keeper *k)
{
	if (!k)
		return;
	close(k->fd);
	free(k);
}
