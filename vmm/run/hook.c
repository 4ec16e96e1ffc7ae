/* SPDX-License-Identifier: BSD-2-Clause */
/* hook.c - see hook.h. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/run/aside.h"
#include "vmm/run/hook.h"

#define SHELL "/bin/sh"

struct hook {
	int fd; /* the file's name there, the status back */
};

/* Its name goes behind the command, as one word. */
static _Noreturn void run(const char *command, const char *file)
{
	char *line;

	if (asprintf(&line, "%s \"$@\"", command) < 0)
		_exit(ASIDE_NOT_STARTED);
	execl(SHELL, "sh", "-c", line, "latvisor", file, (char *)NULL);
	_exit(ASIDE_NOT_STARTED);
}

static int run_and_wait(const char *command, const char *file)
{
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGINT, SIG_DFL);
		signal(SIGTERM, SIG_DFL);
		signal(SIGHUP, SIG_DFL);
		signal(SIGXFSZ, SIG_DFL);
		run(command, file);
	}
	return aside_wait(pid);
}

/* The message is the file's name. */
static void run_hook(const void *command, const void *file, size_t len,
		     int answer_fd)
{
	uint8_t status = (uint8_t)run_and_wait(command, file);

	(void)len;
	if (write(answer_fd, &status, 1) != 1)
		_exit(1);
}

struct hook *hook_start(const char *command)
{
	struct hook *hook = malloc(sizeof(*hook));

	if (!hook)
		die_errno("cannot prepare for --on-break");
	hook->fd = aside_start("--on-break", run_hook, command);
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
