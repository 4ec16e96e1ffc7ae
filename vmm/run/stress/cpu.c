/* SPDX-License-Identifier: BSD-2-Clause */
/* cpu.c - arithmetic without a pause: heat, power, and the siblings' units. */
#include "vmm/run/stress.h"

#define TURNS 1000000

static const char *const tool[] = {"stress-ng",	 "--cpu",   "1", "--cpu-method",
				   "matrixprod", "--quiet", NULL};

static void work(const struct stress_job *job)
{
	volatile double sum = 1;

	for (;;) {
		for (int i = 0; i < TURNS; i++)
			sum = sum * 1.0000001 + 1e-9;
		stress_did(job, 1);
	}
}

STRESS(cpu, .what = "arithmetic without a pause", .unit = "million products",
       .tool = tool, .work = work);
