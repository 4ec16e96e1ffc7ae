/* SPDX-License-Identifier: BSD-2-Clause */
/* fork.c - processes made and ended: page tables, RCU, the scheduler. */
#include <sys/wait.h>
#include <unistd.h>

#include "vmm/run/stress.h"

static const char *const tool[] = {"stress-ng", "--fork", "1", "--quiet", NULL};

static void work(const struct stress_job *job)
{
	for (;;) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		if (pid < 0)
			usleep(1000);
		else if (waitpid(pid, NULL, 0) == pid)
			stress_did(job, 1);
	}
}

STRESS(fork, .what = "fork, exit and wait", .unit = "forks", .tool = tool,
       .work = work);
