/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pace.h - how much of the main thread's time a guest may take with what it
 * asks for and what it has begun: Ctrl-C, time limits and other guests come
 * first.
 */
#ifndef VMM_MACHINE_PACE_H
#define VMM_MACHINE_PACE_H

#include <stdbool.h>
#include <stdint.h>

#define PACE_SHARE    20	 /* one part of a CPU in so many, */
#define PACE_BURST_NS 100000000u /* and that much at once */

/* All of a run: what a guest had before a restart it has had. */
struct pace {
	uint64_t begun_ns; /* CLOCK_MONOTONIC; 0: not yet */
	uint64_t seen_ns;  /* of the thread's CPU time: accounted */
	uint64_t spent_ns; /* of that, the guest's doing */
};

/* The vCPUs begin to run.  cpu_ns: what the main thread has had of CPUs. */
void pace_begin(struct pace *p, uint64_t now_ns, uint64_t cpu_ns);

/*
 * It has had so much by now; what is new is the guest's doing, or not: what
 * stops, signals and the program's own work cost a slow host must never add up
 * to a guest that is not heard any more.
 */
void pace_account(struct pace *p, uint64_t cpu_ns, bool guests);

/* For how long nothing may be done for the guest; 0: something may. */
uint64_t pace_wait_ns(const struct pace *p, uint64_t now_ns);

#endif
