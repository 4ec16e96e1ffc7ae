/* SPDX-License-Identifier: BSD-2-Clause */
/* pinned.h - a thread that is on its CPU from its first instruction on. */
#ifndef VMM_HOST_PINNED_H
#define VMM_HOST_PINNED_H

#include <pthread.h>

struct policy;

/*
 * At its policy from there on, too, but for SCHED_DEADLINE, which a thread can
 * give only itself: policy_enter().  Dies when the host has no thread left.
 */
pthread_t pinned_start(int cpu, const struct policy *policy,
		       void *(*fn)(void *), void *arg);

#endif
