/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * policy.h - by which rules a vCPU's thread gets its CPU (sched(7)).
 *
 * SCHED_DEADLINE: RUNTIME of every PERIOD, within DEADLINE of its begin; it
 * goes before any SCHED_FIFO thread, and who has used up its RUNTIME waits for
 * the next PERIOD (Documentation/scheduler/sched-deadline.rst).
 */
#ifndef VMM_HOST_POLICY_H
#define VMM_HOST_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum policy_kind {
	POLICY_FIFO,
	POLICY_RR,
	POLICY_OTHER,
	POLICY_DEADLINE,
	NR_POLICY_KINDS,
};

#define POLICY_PRIO_OPEN (-1) /* not said: --prio, or what is chosen */

struct policy {
	enum policy_kind kind;
	int prio; /* of POLICY_FIFO and POLICY_RR */
	/* Of POLICY_DEADLINE: runtime <= deadline <= period. */
	uint32_t runtime_us, deadline_us, period_us;
};

/* Below what the kernel tells a thread's time by, sched_attr's runtime. */
#define POLICY_RUNTIME_MIN_US 2

/*
 * One that waits for its next period cannot be ended until then, and a vCPU
 * has a second for that.
 */
#define POLICY_PERIOD_MAX_US 500000

/* "SCHED_FIFO" and its like. */
const char *policy_name(enum policy_kind kind);

#define POLICY_TEXT_LEN 64

/* "SCHED_FIFO 80", "SCHED_DEADLINE 400/1000/1000 us", "SCHED_OTHER". */
void policy_text(const struct policy *p, char text[POLICY_TEXT_LEN]);

bool policy_equal(const struct policy *a, const struct policy *b);

/* Has it a priority of its own? */
static inline bool policy_has_prio(const struct policy *p)
{
	return p->kind == POLICY_FIFO || p->kind == POLICY_RR;
}

/*
 * The calling thread gets it.  Threads that it starts are ordinary ones, where
 * it is SCHED_DEADLINE: they could not be started else.  tell_overruns: the
 * process gets a SIGXCPU when it has used up its runtime.  0, or -errno.
 */
int policy_enter(const struct policy *p, bool tell_overruns);

/* Can that be told?  Not where a limit of CPU time may send one, too. */
bool policy_tells_overruns(void);

#endif
