/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_ring.h - a trace instance of our own (Documentation/trace/ftrace.rst,
 * "Instances"): some events of some CPUs, on the clock that the guest reads.
 *
 * All of its files are opened at once, before the sandbox is entered.  The
 * instance is "latvisor.PID.START", by which the next run knows those that a
 * SIGKILL left behind.
 */
#ifndef VMM_HOST_TRACE_RING_H
#define VMM_HOST_TRACE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/host/trace_log.h"
#include "vmm/host/trace_pages.h"

struct trace_ring;

/* What is asked for. */
struct trace_ring_wish {
	const int *cpus; /* nr_cpus of them, each once */
	unsigned int nr_cpus;
	uint64_t kinds;		   /* bit k: enum trace_kind k */
	unsigned int buffer_kb;	   /* of each CPU */
	struct trace_pages *pages; /* the caller's; NULL: none are kept */
};

/*
 * Makes one; nothing is recorded yet.  NULL: why says, in a sentence without
 * its full stop, what is missing.  Where other instances like it were left
 * behind, they are removed first.  Dies without memory.
 */
struct trace_ring *trace_ring_open(const struct trace_ring_wish *wish,
				   char *why, size_t why_len);

/* Kinds that were asked for and that this kernel has not. */
uint64_t trace_ring_lacks(const struct trace_ring *ring);

/*
 * From now on events are recorded, or no more: their code is switched, too, so
 * that they cost nothing meanwhile.  0, or -errno.
 */
int trace_ring_switch(struct trace_ring *ring, bool on);

/* Takes what is there; no CPU but the calling thread's has any work by it. */
void trace_ring_drain(struct trace_ring *ring, struct trace_log *log);

/* Events that the kernel had no room for, since it was made. */
uint64_t trace_ring_lost(struct trace_ring *ring);

/* Removes it; also done at exit() for whoever does not come to it. */
void trace_ring_close(struct trace_ring *ring);

#endif
