/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * priority.h - the vCPUs' SCHED_FIFO priority where nobody said one.  A vCPU
 * that spins above a kernel thread that its CPU cannot do without holds up the
 * whole machine: RCU's (rcuc), the timers' of PREEMPT_RT (ktimers), the
 * softirqs' that were left over (ksoftirqd).
 * Documentation/admin-guide/kernel-parameters.txt, rcutree.kthread_prio and
 * rcutree.use_softirq.
 */
#ifndef VMM_HOST_PRIORITY_H
#define VMM_HOST_PRIORITY_H

#include <stdint.h>

#include "vmm/host/tasks.h"

#define VCPU_PRIO_DEFAULT 80
#define VCPU_PRIO_MAX	  98   /* the watchdog needs one above */
#define VCPU_PRIO_CHOSEN  (-1) /* by priority_choose() */

#define PRIO_WHY_LEN 32

/*
 * One below the lowest of those threads of the vCPUs' CPUs that have a
 * real-time priority, and why in a phrase; else, or where that would be above
 * it, the default, and "".  Below one of priority 1 there is none, so it does
 * not count.
 */
int priority_below(const struct tasks *t, const struct cpumask *vcpus,
		   char why[PRIO_WHY_LEN]);

/*
 * The same of a machine's threads, which are looked at only where its kernel
 * gives such threads a priority: reading all takes a while.
 */
int priority_choose(const struct tree *tree, const int *cpus, uint32_t nr,
		    char why[PRIO_WHY_LEN]);

#endif
