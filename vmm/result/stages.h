/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stages.h - a sample cut into stages by what the host's kernel recorded
 * meanwhile: pure functions on events.
 *
 * A stage ends with an event, its boundary, and begins where the one before
 * ended, the first one with the sample; the last one ends with the sample.
 * What has no boundary, because this kernel does not record it or it did not
 * happen, is a part of the next stage that has one.  So stages add up to the
 * sample, always.
 */
#ifndef VMM_RESULT_STAGES_H
#define VMM_RESULT_STAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest-firmware/abi/layout.h"
#include "vmm/host/trace_log.h"
#include "vmm/result/blocks.h"
#include "vmm/result/stage_table.h"

/* The way that a sample took. */
enum span_path {
	PATH_SLEPT,	/* an interrupt woke the CPU, that the thread */
	PATH_AWAKE,	/* the thread was woken, the CPU was awake already */
	PATH_POLLED,	/* KVM polled for it */
	PATH_RUNNING,	/* the vCPU was in the guest, or on its way */
	PATH_PREEMPTED, /* another thread had a CPU that it wanted */
	NR_SPAN_PATHS
};

/* A thread that was a vCPU until the guest was started anew. */
struct span_thread {
	int32_t tid;
	uint32_t vcpu;
};

/* Who is who: the vCPUs' threads and their CPUs. */
struct span_host {
	uint32_t nr_vcpus;
	const struct span_thread *earlier; /* nr_earlier */
	unsigned int nr_earlier;
	int32_t tid[MAX_VCPUS];
	int cpu[MAX_VCPUS];
	int32_t main_tid; /* the program's main thread */
	bool realtime;	  /* the vCPUs' are SCHED_FIFO */
	bool shows_ipis;  /* spans_show_ipis() of the run's log */
	bool arms;	  /* PAYLOAD_ARMS */
	/* In which it was recorded; NULL: all the time. */
	const struct blocks *blocks;
};

struct span {
	enum span_kind kind;
	uint32_t vcpu;	     /* that ends it */
	uint64_t begin, end; /* TSC */
};

struct span_cut {
	enum span_path path;
	/* vCPUs; -1: none was found.  Of SPAN_SELF it is the target. */
	int sender, target;
	uint32_t found;		 /* bit i: boundary i */
	uint64_t at[STAGES_MAX]; /* where they are: begin <= at[i] <= end, in
				    order; of those that were found */
};

/* The vCPU that a thread is, or was; -1: none. */
int span_vcpu(const struct span_host *host, int32_t tid);

/*
 * "vCPU 1", "main thread": what a thread of this program is called.  False: it
 * is none of them.
 */
bool span_thread_name(const struct span_host *host, int32_t tid, char *name,
		      size_t len);

/* "slept", "CPU awake", "polled", "running", "preempted". */
const char *span_path_name(enum span_path path);

/*
 * IPIs of the span's sender to its target within it; of others than SPAN_IPI
 * and SPAN_RTT it has no meaning.
 */
unsigned int span_ipis(const struct trace_log *log,
		       const struct span_host *host, const struct span *span,
		       const struct span_cut *cut);

/* Is any IPI from one vCPU to another to be seen: does KVM send them? */
bool spans_show_ipis(const struct trace_log *log, const struct span_host *host);

void span_cut(const struct trace_log *log, const struct span_host *host,
	      const struct span *span, struct span_cut *cut);

#endif
