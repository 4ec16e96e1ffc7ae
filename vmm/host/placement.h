/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * placement.h - which CPU every thread runs on, at what priority, and what the
 * host refused.
 */
#ifndef VMM_HOST_PLACEMENT_H
#define VMM_HOST_PLACEMENT_H

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "guest-firmware/abi/layout.h"
#include "vmm/host/choose_cpus.h"
#include "vmm/host/dma_latency.h"
#include "vmm/host/memory_nodes.h"
#include "vmm/host/policy.h"
#include "vmm/host/priority.h"

#define RT_MAX_REFUSED 4
#define REFUSED_LEN    256

/* What was asked for. */
struct placement_wish {
	int cpus[MAX_VCPUS];
	uint32_t nr_cpus; /* entries of cpus; 0: choose some */
	bool tell_cpus;	  /* why those were chosen: --cpus auto */
	/* What others measure on: known with tell_cpus only. */
	cpu_set_t claimed;
	/* SCHED_FIFO priority of the vCPUs; 0: none; VCPU_PRIO_CHOSEN, until
	 * setup_prepare(). */
	int prio;
	uint32_t nr_policies; /* of policies; 0: prio; 1: for all vCPUs */
	struct policy policies[MAX_VCPUS];
	bool overcommit; /* two vCPUs may share a CPU, and the main
			  * thread one of theirs */
	bool names_housekeeping;
	cpu_set_t housekeeping; /* with names_housekeeping */
	int32_t dma_latency_us; /* or DMA_LATENCY_NONE */
};

struct placement {
	int cpu[MAX_VCPUS];	     /* of each vCPU */
	char cpus_why[CPUS_WHY_LEN]; /* "": they were named */
	cpu_set_t allowed;	     /* what the process started with */
	cpu_set_t housekeeping;	     /* where the main thread runs */
	bool crowded;		     /* two vCPUs share a CPU */
	bool shared;   /* no CPU is left: it runs above the vCPUs' priority */
	bool granted;  /* the vCPUs' policies were, of those in real time */
	bool realtime; /* and all of them are, and so was memory lock */
	bool tells_overruns; /* policy.h; known after placement_apply() */
	struct memory_nodes memory; /* known after placement_apply() */
	unsigned int nr_refused;
	char refused[RT_MAX_REFUSED]
		    [REFUSED_LEN];   /* what, why, how to get it */
	char prio_why[PRIO_WHY_LEN]; /* "": it is the default, or was said */
	struct dma_latency dma_latency;
	int dma_latency_fd; /* until placement_relax(); -1: none */
};

/* CPUs that this process may use without being told which. */
uint32_t placement_nr_cpus(void);

/*
 * Places nr_vcpus vCPUs: wish->cpus, or what choose_cpus() finds.  Dies when a
 * CPU is not there, not allowed, or given twice without wish->overcommit, and
 * when their policies are not for them.
 */
void placement_choose(struct placement *p, const struct placement_wish *wish,
		      uint32_t nr_vcpus);

/* What a vCPU's thread is to have. */
struct policy placement_policy(const struct placement_wish *wish,
			       uint32_t vcpu);

/* The highest priority of SCHED_FIFO or SCHED_RR of the vCPUs; 0: none. */
int placement_top_prio(const struct placement_wish *wish, uint32_t nr_vcpus);

/*
 * Locks memory, tries real-time policies and limits how deep CPUs sleep.  Fills
 * in granted, realtime, refused and dma_latency; what the host refuses is no
 * error.
 */
void placement_apply(struct placement *p, const struct placement_wish *wish,
		     uint32_t nr_vcpus);

/*
 * Moves the main thread to the housekeeping CPUs: before the first vCPU's
 * thread starts, and not sooner.  It takes 1 ms when that CPU is asleep, and
 * nothing when something else has just run there.
 */
void placement_settle(const struct placement *p);

/* Starts a vCPU's thread, pinned and at its priority from its first
 * instruction on.  Dies when the host has no thread left. */
pthread_t placement_start(const struct placement *p,
			  const struct placement_wish *wish, unsigned int vcpu,
			  void *(*fn)(void *), void *arg);

/* On a vCPU's thread, before anything else is taken from it: SCHED_DEADLINE.
 * Dies when the host refuses it now. */
void placement_enter(const struct placement *p,
		     const struct placement_wish *wish, unsigned int vcpu);

/* The same for any thread: prio is of SCHED_FIFO, 0: an ordinary one. */
pthread_t placement_start_at(int cpu, int prio, void *(*fn)(void *), void *arg);

/*
 * KVM may add a thread of its own to the process (kvm-nx-lpage-recovery) at a
 * vCPU's first run: it inherits that vCPU's CPU and priority.  Moves every
 * thread but the main one and ours to the housekeeping CPUs, as ordinary ones.
 */
void placement_adopt(const struct placement *p, const pid_t *ours,
		     unsigned int nr_ours);

/* The main thread is an ordinary one again, for reports; CPUs may sleep. */
void placement_relax(struct placement *p);

#endif
