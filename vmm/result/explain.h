/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * explain.h - what --explain found out about a metric, as a part of the result:
 * by which ways its samples came, how long each stage of a way took, and what
 * the host did in the worst ones.
 *
 * Times are ticks of the TSC.  All is of samples in blocks in which the host's
 * events were recorded (blocks.h).
 */
#ifndef VMM_RESULT_EXPLAIN_H
#define VMM_RESULT_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "vmm/host/outside.h"
#include "vmm/result/blocks.h"
#include "vmm/result/causes.h"
#include "vmm/result/stages.h"
#include "vmm/statistics/values.h"

#define EXPLAIN_ROOM "to explain samples" /* room_for() */

#define EXPLAIN_WORST	 16
#define EXPLAIN_LINES	 32
#define EXPLAIN_WHO_LEN	 40
#define EXPLAIN_WHAT_LEN 64

struct explain_spread {
	uint64_t min, p50, p90, p99, max;
	uint64_t sum;
	struct values values; /* to pool rounds by; no part of the file */
};

struct explain_stage {
	char name[STAGE_NAME_LEN];
	unsigned int first, last; /* its parts; no part of the file */
	struct explain_spread spread;
};

/* Samples of the same way whose stages have the same boundaries. */
struct explain_class {
	enum span_path path;
	uint64_t nr;	 /* of its samples, cut as most of them are */
	uint64_t others; /* that lack a boundary or have one more: not in it */
	struct explain_spread whole;
	unsigned int nr_stages;
	struct explain_stage stages[STAGES_MAX];
};

/* Something that happened within a sample, or in its begin or end. */
struct explain_line {
	int64_t after; /* the sample's begin */
	char who[EXPLAIN_WHO_LEN], what[EXPLAIN_WHAT_LEN];
};

struct explain_worst {
	uint64_t value, tsc; /* tsc: when it ended */
	unsigned int round;  /* of several, from 1; 0: there is one */
	enum span_path path;
	char stage[STAGE_NAME_LEN]; /* that is longest beyond its usual */
	uint64_t excess;	    /* by so much */
	struct cause cause;
	unsigned int nr_lines;
	uint64_t more; /* lines that had no room */
	struct explain_line lines[EXPLAIN_LINES];
};

struct explain_tally {
	struct cause cause;
	unsigned int nr;
};

struct explain_pool; /* explain_pool.c */

struct explain {
	unsigned int metric; /* its number in the result */
	enum span_kind kind;
	bool watched; /* see explain_trace; no part of the file */
	uint64_t nr_plain, nr_traced, nr_neither;
	uint64_t traced_p50;  /* of those that are cut */
	struct values traced; /* the same as values of explain_spread */
	uint64_t nr_events;   /* within its samples */
	/*
	 * The trace as a witness: samples in which an IPI was sent to the other
	 * vCPU, as it says, and those in which none or more were.
	 */
	uint64_t nr_witnessed, nr_odd;
	unsigned int nr_classes;
	struct explain_class classes[NR_SPAN_PATHS]; /* the commonest first */
	unsigned int nr_worst;
	struct explain_worst worst[EXPLAIN_WORST]; /* the worst first */
	unsigned int nr_tally;
	struct explain_tally tally[EXPLAIN_WORST]; /* the commonest first */
	unsigned int nr_rounds; /* that are pooled in it; 0: it is of one run */
	bool priced; /* a round had no plain ones: its percentiles have all */
	struct explain_pool *pool; /* while rounds are added; else NULL */
};

/* What was recorded of a run. */
struct explain_trace {
	const struct trace_log *log; /* by time */
	const struct blocks *blocks;
	uint64_t lacks; /* kinds that this kernel has not: enum trace_kind */
	uint64_t lost;	/* events that there was no room for */
	bool watched;	/* all the time, and what was before breaks is kept */
	struct outside_counts outside; /* of the vCPUs' CPUs, beside events */
	int err; /* -errno: why events could not be switched; 0: they could */
	int32_t main_tid;
	const struct span_thread *threads; /* that vCPUs were, nr_threads */
	unsigned int nr_threads;
};

/* --explain, in the result. */
struct result_trace {
	bool asked;
	char missing[160]; /* why nothing was recorded; "": it was */
	bool watched;	   /* see explain_trace */
	uint64_t nr_events, lost;
	uint64_t lacks;
	/* What took the vCPUs' CPUs meanwhile, without an event: outside.h. */
	bool steal_known;
	uint64_t steal_ns, smis;
	char no_smis[64]; /* why smis is not known; "": it is */
	unsigned int nr;
	struct explain *list; /* of nr metrics */
};

#endif
