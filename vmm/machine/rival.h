/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rival.h - a thread that takes a vCPU's CPU away when the guest asks for it:
 * what the host's other work does to a guest, at a known time.  Only for
 * payloads with PAYLOAD_RIVAL; no other run has this thread.
 *
 * It sleeps until it is asked, for a burst of PRIO_MAX_BURST_US at most, and
 * its priority is between a boosted vCPU's and a normal one's.
 */
#ifndef VMM_MACHINE_RIVAL_H
#define VMM_MACHINE_RIVAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "vmm/host/placement.h"

struct vm;

/* SCHED_FIFO priorities, from --prio downwards. */
#define RIVAL_BELOW  1 /* the rival's */
#define NORMAL_BELOW 2 /* a vCPU's that is not boosted */

struct rival {
	bool started;
	pthread_t thread;
	int fd; /* eventfd: there is something to do */
	int cpu, prio;
	uint64_t tsc_khz;
	_Atomic pid_t tid;	   /* the rival writes it; 0: not yet */
	atomic_bool stop;	   /* main thread */
	_Atomic uint32_t asked_us; /* vCPU threads; the rival takes it away */
	_Atomic uint64_t bursts;   /* the rival: that are over */
	uint64_t bursts_before;	   /* before this VM: a restart has several */
	uint64_t burnt_tsc; /* the rival: from their begins to their ends */
};

/* Why this run can have no rival, for "NAME needs ..."; NULL: it can. */
const char *rival_impossible(const struct placement *p,
			     const struct placement_wish *wish);

/* Before the first vCPU's thread starts; nothing without PAYLOAD_RIVAL. */
void rival_start(struct vm *vm, const struct placement *p);

/*
 * Ends it, within one burst, and joins it.  False: something else has its CPU,
 * and it may still use vm.
 */
bool rival_stop(struct vm *vm);

#endif
