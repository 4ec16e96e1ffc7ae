/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipi.c - a token goes from worker to worker, each on the next CPU: each hop
 * wakes a sleeper by an IPI; with one CPU it is a switch instead.  hackbench is
 * many of that.
 */
#include <unistd.h>

#include "vmm/run/stress.h"

/* Groups of 40 processes, until it is ended. */
static const char *const tool[] = {"hackbench", "-g",	     "1",
				   "-l",	"100000000", NULL};

static void work(const struct stress_job *job)
{
	int mine = job->pair[job->worker % 2];
	char token = 1;

	if (job->worker == 0 && write(mine, &token, 1) != 1)
		_exit(1);
	while (read(mine, &token, 1) == 1 && write(mine, &token, 1) == 1)
		stress_did(job, 1);
	_exit(1);
}

STRESS(ipi, .what = "two processes that wake each other", .unit = "wake-ups",
       .workers = 2, .tool = tool, .work = work);
