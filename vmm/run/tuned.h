/* SPDX-License-Identifier: BSD-2-Clause */
/* tuned.h - something that runs on a host while that is tuned (tune.h). */
#ifndef VMM_RUN_TUNED_H
#define VMM_RUN_TUNED_H

#include <signal.h>

#include "vmm/host/tune.h"

/*
 * Holds back what would end this process before all is restored: to be called
 * before the first change.  before: for tuned_run().
 */
void tuned_hold_signals(sigset_t *before);

/* What runs in a process of its own; its exit status. */
typedef int tuned_work(const void *arg);

/*
 * work(arg) in TUNE_CGROUP, with the signals of before; those that come to this
 * process alone are passed on.  How it ended, as the shell has it in $?.
 */
int tuned_run(const struct tune_journal *j, const sigset_t *before,
	      tuned_work *work, const void *arg);

/* Until one of the signals comes; which. */
int tuned_wait(void);

#endif
