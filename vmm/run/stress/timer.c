/* SPDX-License-Identifier: BSD-2-Clause */
/* timer.c - a thread that sleeps for 50 us, again and again: timer interrupts,
 * wake-ups. */
#include <time.h>

#include "vmm/run/stress.h"

#define SLEEP_NS 50000

static const char *const tool[] = {"stress-ng", "--timer", "1", "--timer-freq",
				   "20000",	"--quiet", NULL};

static void work(const struct stress_job *job)
{
	const struct timespec t = {.tv_nsec = SLEEP_NS};

	for (;;) {
		nanosleep(&t, NULL);
		stress_did(job, 1);
	}
}

STRESS(timer, .what = "sleeps of 50 us", .unit = "sleeps", .tool = tool,
       .work = work);
