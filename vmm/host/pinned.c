/* SPDX-License-Identifier: BSD-2-Clause */
/* pinned.c - see pinned.h. */
#include <sched.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/host/pinned.h"
#include "vmm/host/policy.h"

/* The vCPU loop's deepest path takes 20 KiB (a read of KVM's counts). */
#define STACK_LEN (256u << 10)

static int number_of(const struct policy *p)
{
	if (!policy_has_prio(p))
		return SCHED_OTHER;
	return p->kind == POLICY_RR ? SCHED_RR : SCHED_FIFO;
}

pthread_t pinned_start(int cpu, const struct policy *policy,
		       void *(*fn)(void *), void *arg)
{
	struct sched_param sp = {
		.sched_priority = policy_has_prio(policy) ? policy->prio : 0,
	};
	pthread_attr_t attr;
	pthread_t thread;
	cpu_set_t one;
	int err;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_LEN);
	pthread_attr_setaffinity_np(&attr, sizeof(one), &one);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, number_of(policy));
	pthread_attr_setschedparam(&attr, &sp);
	err = pthread_create(&thread, &attr, fn, arg);
	pthread_attr_destroy(&attr);
	if (err)
		die("cannot start a thread on CPU %d: %s", cpu, strerror(err));
	return thread;
}
