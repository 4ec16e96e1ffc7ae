/* SPDX-License-Identifier: BSD-2-Clause */
/* tuned.c - see tuned.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/base/stop_signals.h"
#include "vmm/run/tuned.h"

#define SIGNALLED 128 /* and its number: what a shell makes of it */

/* Those that end it, and the end of what runs. */
static sigset_t awaited(void)
{
	sigset_t set = stop_signals();

	sigaddset(&set, SIGQUIT);
	sigaddset(&set, SIGCHLD);
	return set;
}

/* A closed pipe is an error of write(), and no end. */
void tuned_hold_signals(sigset_t *before)
{
	sigset_t set = awaited();

	sigprocmask(SIG_BLOCK, &set, before);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
}

static _Noreturn void be_child(const struct tune_journal *j,
			       const sigset_t *before, tuned_work *work,
			       const void *arg)
{
	int status;

	tune_enter(j);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, before, NULL);
	status = work(arg);
	exit(status);
}

/* A terminal's go to both processes. */
static void pass_on(const siginfo_t *info, pid_t pid)
{
	if (info->si_code <= 0)
		kill(pid, info->si_signo);
}

int tuned_run(const struct tune_journal *j, const sigset_t *before,
	      tuned_work *work, const void *arg)
{
	sigset_t set = awaited();
	siginfo_t info;
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		warn("cannot start a process");
		return STATUS_USAGE;
	}
	if (pid == 0)
		be_child(j, before, work, arg);
	while (waitpid(pid, &status, WNOHANG) != pid)
		if (sigwaitinfo(&set, &info) > 0 && info.si_signo != SIGCHLD)
			pass_on(&info, pid);
	return WIFEXITED(status) ? WEXITSTATUS(status)
				 : SIGNALLED + WTERMSIG(status);
}

int tuned_wait(void)
{
	sigset_t set = awaited();
	int sig;

	do
		sig = sigwaitinfo(&set, NULL);
	while (sig < 0 || sig == SIGCHLD);
	return sig;
}
