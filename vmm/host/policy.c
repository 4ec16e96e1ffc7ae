/* SPDX-License-Identifier: BSD-2-Clause */
/* policy.c - see policy.h. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vmm/host/policy.h"

#define NS_PER_US 1000ull

#ifndef SCHED_DEADLINE
#define SCHED_DEADLINE 6
#endif

/* include/uapi/linux/sched/types.h, and its flags: <sched.h> has neither, and
 * both headers together have struct sched_param twice. */
struct attr {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t prio;
	uint64_t runtime, deadline, period; /* ns */
};

#define RESET_ON_FORK 0x01
#define DL_OVERRUN    0x04

const char *policy_name(enum policy_kind kind)
{
	static const char *const names[NR_POLICY_KINDS] = {
		[POLICY_FIFO] = "SCHED_FIFO",
		[POLICY_RR] = "SCHED_RR",
		[POLICY_OTHER] = "SCHED_OTHER",
		[POLICY_DEADLINE] = "SCHED_DEADLINE",
	};

	return names[kind];
}

void policy_text(const struct policy *p, char text[POLICY_TEXT_LEN])
{
	const char *name = policy_name(p->kind);

	if (p->kind == POLICY_OTHER)
		snprintf(text, POLICY_TEXT_LEN, "%s", name);
	else if (p->kind == POLICY_DEADLINE)
		snprintf(text, POLICY_TEXT_LEN, "%s %u/%u/%u us", name,
			 p->runtime_us, p->deadline_us, p->period_us);
	else
		snprintf(text, POLICY_TEXT_LEN, "%s %d", name, p->prio);
}

bool policy_equal(const struct policy *a, const struct policy *b)
{
	return a->kind == b->kind &&
	       (!policy_has_prio(a) || a->prio == b->prio) &&
	       (a->kind != POLICY_DEADLINE ||
		(a->runtime_us == b->runtime_us &&
		 a->deadline_us == b->deadline_us &&
		 a->period_us == b->period_us));
}

bool policy_tells_overruns(void)
{
	struct rlimit cpu, rttime;
	struct sigaction old;

	return sigaction(SIGXCPU, NULL, &old) == 0 &&
	       old.sa_handler != SIG_IGN && getrlimit(RLIMIT_CPU, &cpu) == 0 &&
	       getrlimit(RLIMIT_RTTIME, &rttime) == 0 &&
	       cpu.rlim_cur == RLIM_INFINITY &&
	       rttime.rlim_cur == RLIM_INFINITY;
}

int policy_enter(const struct policy *p, bool tell_overruns)
{
	static const int numbers[NR_POLICY_KINDS] = {
		[POLICY_FIFO] = SCHED_FIFO,
		[POLICY_RR] = SCHED_RR,
		[POLICY_OTHER] = SCHED_OTHER,
		[POLICY_DEADLINE] = SCHED_DEADLINE,
	};
	struct sched_param sp = {.sched_priority = 0};
	struct attr attr = {
		.size = sizeof(attr),
		.policy = SCHED_DEADLINE,
		.flags = RESET_ON_FORK | (tell_overruns ? DL_OVERRUN : 0),
		.runtime = p->runtime_us * NS_PER_US,
		.deadline = p->deadline_us * NS_PER_US,
		.period = p->period_us * NS_PER_US,
	};
	long err;

	if (policy_has_prio(p))
		sp.sched_priority = p->prio;
	if (p->kind == POLICY_DEADLINE)
		err = syscall(SYS_sched_setattr, 0, &attr, 0);
	else
		err = sched_setscheduler(0, numbers[p->kind], &sp);
	return err ? -errno : 0;
}
