/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ple_round_robin.c - waiting with PAUSE until it is this vCPU's turn again: a
 * lap around all vCPUs, of which one at a time does not wait.  Where they have
 * no CPU each, it is pause-loop exits that let the one run.
 */
#include "guest-firmware/exit_cost.h"

/* Laps: one more from the vCPU before, in a cache line each. */
static struct turn {
	_Atomic uint64_t nr __attribute__((aligned(64)));
} turns[EXIT_COST_MAX_VCPUS];

static const char *skip(void)
{
	return nr_vcpus() < 2 ? "needs a second vCPU: use --vcpus 2" : NULL;
}

/* vCPU 0 has the first turn. */
static void setup(void)
{
	word_store(&turns[me()->id].nr, me()->id == 0);
	me()->word = 0;
}

static inline void op(void)
{
	struct percpu *p = me();
	uint64_t next = p->id + 1;

	wait_for(&turns[p->id].nr, ++p->word);
	word_count(&turns[next < nr_vcpus() ? next : 0].nr);
}

/* Between the clock reads: pause. */
EXIT_COST(ple_round_robin, op, exit_cost_nothing, exit_cost_nothing,
	  .skip = skip, .setup = setup, .everywhere = true);
