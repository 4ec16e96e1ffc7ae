/* SPDX-License-Identifier: BSD-2-Clause */
/* hook.c - see hook.h. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/run/hook.h"

#define SHELL	    "/bin/sh"
#define SIGNALLED   128 /* and its number: what a shell makes of it */
#define NOT_STARTED 127

struct hook {
	int fd; /* the file's name there, the status back */
};

/* Its name goes behind the command, as one word. */
static _Noreturn void run(const char *command, const char *file)
{
	char *line;

	if (asprintf(&line, "%s \"$@\"", command) < 0)
		_exit(NOT_STARTED);
	execl(SHELL, "sh", "-c", line, "latvisor", file, (char *)NULL);
	_exit(NOT_STARTED);
}

static uint8_t run_and_wait(const char *command, const char *file)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		signal(SIGINT, SIG_DFL);
		signal(SIGTERM, SIG_DFL);
		signal(SIGHUP, SIG_DFL);
		signal(SIGXFSZ, SIG_DFL);
		run(command, file);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return NOT_STARTED;
	return WIFEXITED(status) ? (uint8_t)WEXITSTATUS(status)
				 : (uint8_t)(SIGNALLED + WTERMSIG(status));
}

/* Until a name comes, or the program ends.  A stop is the program's matter. */
static _Noreturn void wait_for_file(int fd, const char *command)
{
	char file[4096];
	uint8_t status;
	ssize_t n;

	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	n = recv(fd, file, sizeof(file) - 1, 0);
	if (n <= 0)
		_exit(0);
	file[n] = '\0';
	status = run_and_wait(command, file);
	_exit(write(fd, &status, 1) != 1);
}

struct hook *hook_start(const char *command)
{
	struct hook *hook = malloc(sizeof(*hook));
	int ends[2];
	pid_t pid;

	if (!hook ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		die_errno("cannot prepare for --on-break");
	pid = fork();
	if (pid < 0)
		die_errno("cannot prepare for --on-break");
	if (pid == 0) {
		close(ends[0]);
		wait_for_file(ends[1], command);
	}
	close(ends[1]);
	hook->fd = ends[0];
	return hook;
}

int hook_run(struct hook *hook, const char *file)
{
	uint8_t status;

	if (write(hook->fd, file, strlen(file)) != (ssize_t)strlen(file) ||
	    read(hook->fd, &status, 1) != 1)
		return -1;
	return status;
}

void hook_end(struct hook *hook)
{
	if (!hook)
		return;
	close(hook->fd);
	free(hook);
}
