/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * disturber.h - what a host may do to a vCPU's CPU, done on purpose by a
 * process beside the run.
 */
#ifndef FUNC_DISTURBER_H
#define FUNC_DISTURBER_H

#include <stdbool.h>
#include <sys/types.h>

/* That process's name. */
#define DISTURBER "disturber"

struct disturbance {
	/* Before it; where that cannot be, the test is skipped with a reason.
	 */
	void (*set)(int cpu);
	void (*dose)(void); /* by that process */
	double every_s;	    /* between two doses */
	bool is_there;	    /* on the vCPU's CPU; else not there */
	int prio;	    /* SCHED_FIFO; 0: an ordinary one */
	void (*unset)(void);
};

/* A thread that has the CPU for 2 ms. */
extern const struct disturbance disturbance_thread;
/* Packets whose receivers run on the CPU. */
extern const struct disturbance disturbance_softirq;
/* Bytes for a serial port whose interrupt is pinned to the CPU. */
extern const struct disturbance disturbance_interrupt;
/* Real-time threads have half of each 20 ms; an ordinary one wants the rest. */
extern const struct disturbance disturbance_throttling;

pid_t disturber_start(const struct disturbance *d, int cpu);
void disturber_stop(const struct disturbance *d, pid_t pid);

#endif
