/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc.c - a child in a process group of its own, which is killed as a whole
 * when its time is over, when its test failed, and when this program dies.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/functional/func.h"
#include "tests/functional/proc.h"

#define MAX_RUNNING 8

static pid_t running[MAX_RUNNING];

static void remember(pid_t pid)
{
	for (int i = 0; i < MAX_RUNNING; i++) {
		if (running[i] == 0) {
			running[i] = pid;
			return;
		}
	}
}

static void forget(pid_t pid)
{
	for (int i = 0; i < MAX_RUNNING; i++)
		if (running[i] == pid)
			running[i] = 0;
}

void proc_kill_all(void)
{
	for (int i = 0; i < MAX_RUNNING; i++) {
		if (running[i] == 0)
			continue;
		kill(-running[i], SIGKILL);
		waitpid(running[i], NULL, 0);
		running[i] = 0;
	}
}

static void child(const struct proc *p, const char *const *argv)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGHUP, SIG_DFL);
	dup2(p->out_fd, STDOUT_FILENO);
	dup2(p->err_fd, STDERR_FILENO);
	execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

void proc_start(struct proc *p, const char *const *argv)
{
	*p = (struct proc){
		.out_fd = memfd_create("out", MFD_CLOEXEC),
		.err_fd = memfd_create("err", MFD_CLOEXEC),
		.started = now(),
	};
	must(p->out_fd >= 0 && p->err_fd >= 0, "memfd: %s", strerror(errno));
	p->pid = fork();
	must(p->pid >= 0, "fork: %s", strerror(errno));
	if (p->pid == 0)
		child(p, argv);
	setpgid(p->pid, p->pid); /* whoever of the two comes first */
	remember(p->pid);
}

/* True: it ended.  An old kernel has no pidfd: a short sleep does, too. */
static bool ended(struct proc *p, double until, int *status)
{
	int fd = (int)syscall(SYS_pidfd_open, p->pid, 0);
	struct pollfd pollfd = {.fd = fd, .events = POLLIN};
	bool done = false;

	while (!done) {
		double left = until - now();

		done = waitpid(p->pid, status, WNOHANG) == p->pid;
		if (done || left <= 0)
			break;
		if (fd >= 0)
			poll(&pollfd, 1, (int)(left * 1e3) + 1);
		else
			sleep_for(0.01);
	}
	if (fd >= 0)
		close(fd);
	return done;
}

char *proc_read(int fd, size_t *len)
{
	size_t room = 1 << 16;
	char *text = malloc(room);
	ssize_t got;

	*len = 0;
	lseek(fd, 0, SEEK_SET);
	while (text && (got = read(fd, text + *len, room - *len - 1)) > 0) {
		*len += (size_t)got;
		if (*len + 1 == room)
			text = realloc(text, room *= 2);
	}
	close(fd);
	if (!text)
		abort();
	text[*len] = '\0';
	return text;
}

void proc_wait(struct proc *p, double seconds)
{
	int status = 0;

	if (!ended(p, p->started + seconds * slow(), &status)) {
		p->killed = true;
		kill(-p->pid, SIGKILL);
		waitpid(p->pid, &status, 0);
	}
	p->seconds = now() - p->started;
	forget(p->pid);
	p->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	p->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	p->out = proc_read(p->out_fd, &p->out_len);
	p->err = proc_read(p->err_fd, &p->err_len);
}

void proc_free(struct proc *p)
{
	free(p->out);
	free(p->err);
	p->out = p->err = NULL;
}
