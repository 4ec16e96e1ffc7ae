/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tracer.h - --explain and --exits while the guest runs: the host's events are
 * recorded in every second block of time.  What is measured in the others is as
 * it is without them; what is measured while they are switched counts for
 * neither.  Or, watching for a sample above --break-at, all the time, and what
 * was before each such sample is kept.
 */
#ifndef VMM_RUN_TRACER_H
#define VMM_RUN_TRACER_H

#include <stdbool.h>
#include <stdint.h>

#include "vmm/host/trace_pages.h"
#include "vmm/result/explain.h"
#include "vmm/setup/config.h"

struct tracer;

/* What is recorded, beside the calling thread's CPU. */
struct tracer_wish {
	const int *cpus; /* nr of them */
	unsigned int nr;
	uint64_t kinds;		   /* enum trace_kind, bits */
	bool watch;		   /* for samples above --break-at */
	struct trace_pages *pages; /* the caller's; NULL: none are kept */
};

/* Before the sandbox is entered.  NULL: why, without a full stop. */
struct tracer *tracer_open(const struct tracer_wish *wish, char *why,
			   size_t why_len);

/*
 * Before several runs, if --explain is asked for: where nothing can be
 * recorded it says so, once, and none of them tries.  Dies with --strict.
 */
void tracer_settle(struct config *config);

/*
 * The main thread, each 10 ms or more often: ends a block that is long enough.
 * nr_breaks: samples above --break-at, so far.
 */
void tracer_turn(struct tracer *t, uint64_t now_ns, unsigned int nr_breaks);

/* The guest is at its end: nothing is recorded until the next turn, if there is
 * one; all is taken. */
void tracer_stop(struct tracer *t);

/* A vCPU has been that thread: several, where the guest was started anew. */
void tracer_add_vcpu(struct tracer *t, int32_t tid, uint32_t vcpu);

/* What it has, when it was stopped; the tracer's. */
struct explain_trace tracer_trace(struct tracer *t);

/* Gives the trace instance back, and keeps what it has; NULL does nothing. */
void tracer_end(struct tracer *t);

/* NULL does nothing. */
void tracer_close(struct tracer *t);

#endif
