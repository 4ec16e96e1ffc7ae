/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * supervise.h - the main thread while the guest runs: watchdog, Ctrl-C,
 * console and live line.  It sleeps in poll() and touches no vCPU.
 */
#ifndef VMM_RUN_SUPERVISE_H
#define VMM_RUN_SUPERVISE_H

#include <stdint.h>

#include "vmm/machine/vm.h"
#include "vmm/result/raw.h"
#include "vmm/result/stop.h"
#include "vmm/run/tracer.h"
#include "vmm/setup/setup.h"

struct supervisor {
	int signal_fd;
	uint64_t deadline_ns;  /* CLOCK_MONOTONIC */
	uint64_t console_lost; /* bytes that the guest could not print */
	bool live_shown;       /* a live line is on the terminal */
	struct raw *raw;       /* NULL: no --raw, --explain, --exits */
	struct tracer *tracer; /* NULL: nor --exits */
	bool adopted;	       /* KVM's own thread is where it belongs */
	uint64_t nr_ticks;     /* short ones */
	int stop_signal;       /* that ended it; 0: none did */
	uint64_t asleep_ns;    /* CLOCK_MONOTONIC: since then in poll(2) */
	uint64_t before_ns;    /* the same of the turn before */
	uint64_t nr_sleeps;    /* of the thread, before that poll(2) */
	bool guests_turn;      /* what ended it is a guest's doing */
	/* vCPUs ran out of their SCHED_DEADLINE's runtime: what SIGXCPU says,
	 * which may be one signal for several. */
	bool tells_overruns;
	uint64_t nr_overruns;
	/* The process was stopped, and for so long at most. */
	unsigned int nr_stops;
	uint64_t stopped_ns;
};

/* Holds stop_signals(), for good, and opens a file for them. */
void supervisor_open(struct supervisor *s);
void supervisor_close(struct supervisor *s);

/* Takes the signals that came; true: one ends the run. */
bool supervisor_signal(struct supervisor *s);

/* The vCPUs' threads are gone: what is left of their overruns. */
void supervisor_take_overruns(struct supervisor *s);

/* What the guest printed and is not shown yet; waits for the reader. */
void supervise_rest(struct vm *vm, const struct run_setup *setup);

/*
 * Starts the vCPUs' threads, waits for their end or makes it, joins them.
 * After STOP_STUCK a thread may still be in KVM_RUN: do not destroy the VM,
 * report and exit.
 */
enum stop_reason supervise(struct supervisor *s, struct vm *vm,
			   const struct run_setup *setup);

#endif
