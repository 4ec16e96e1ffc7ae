/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * claim.h - notices another latvisor on the same CPU.  Two vCPU threads of one
 * SCHED_FIFO priority wait for each other without a single involuntary switch,
 * so nothing else would show it.
 *
 * A claim is an abstract socket (unix(7)) with the CPU's number in its name:
 * the kernel ends it with the process, no file is left behind.  It holds within
 * one network namespace, and it refuses nothing.  Anybody can have such a
 * socket; whom it counts for is told by the kernel: root, and this user. Others
 * can at most hold all names of a CPU, so that nobody is noticed by them: root
 * has locks beside it (cpu_lock.h), anybody else is told.
 */
#ifndef VMM_HOST_CLAIM_H
#define VMM_HOST_CLAIM_H

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

#include "guest-firmware/abi/layout.h"
#include "vmm/host/cpu_lock.h"

struct claim {
	uint32_t nr;
	int lock_fd; /* cpu_lock_open() */
	struct {
		int cpu;
		int fd; /* -1: the CPU was another's, or there is no socket */
		bool taken;  /* another one has claimed it */
		bool hidden; /* others have all names */
		struct cpu_lock lock;
	} cpus[MAX_VCPUS];
};

/*
 * Claims nr CPUs, once each however often they are given.  Whoever has one
 * already is told.  lock_fd: of cpu_lock_open(), taken over.
 */
void claim_cpus(struct claim *c, int lock_fd, const int *cpu, uint32_t nr);

/*
 * CPUs that somebody has claimed, without a claim of our own and without being
 * noticed.  lock_fd: of cpu_lock_open(), or -1.  A stranger's names count here:
 * they can keep us from CPUs, not more.
 */
cpu_set_t claims_find(int lock_fd);

/* A CPU that somebody else has claimed, too, since claim_cpus(); -1: none. */
int claim_contested(struct claim *c);

/* A CPU of which nobody can tell, for other users have all its names; -1. */
int claim_hidden(const struct claim *c);

/* The CPUs are free for others; a second time does nothing. */
void claim_release(struct claim *c);

#endif
