/* SPDX-License-Identifier: BSD-2-Clause */
/* poll.c - a neighbour that polls: as a guest with idle=poll, or a driver. */
#include "vmm/run/stress.h"

#define TURNS 1000000

static void work(const struct stress_job *job)
{
	for (;;) {
		for (int i = 0; i < TURNS; i++)
			__builtin_ia32_pause();
		stress_did(job, 1);
	}
}

STRESS(poll, .what = "a loop of PAUSE", .unit = "million turns", .work = work);
