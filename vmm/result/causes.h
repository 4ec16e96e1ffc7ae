/* SPDX-License-Identifier: BSD-2-Clause */
/* causes.h - what kept a CPU from what it was to do, by its events. */
#ifndef VMM_RESULT_CAUSES_H
#define VMM_RESULT_CAUSES_H

#include <stdint.h>

#include "vmm/host/trace_log.h"
#include "vmm/result/stages.h"

#define CAUSE_NAME_LEN 48

enum cause_kind {
	CAUSE_NOTHING, /* that was recorded */
	CAUSE_THREAD,
	CAUSE_OWN_THREAD, /* of this program */
	CAUSE_THROTTLED,  /* an ordinary thread had a real-time one's turn */
	CAUSE_TIMER,	  /* the host's timer interrupt */
	CAUSE_IRQ,
	CAUSE_SOFTIRQ,
	CAUSE_IRQ_WORK,
	CAUSE_WORK, /* a workqueue's */
	NR_CAUSES
};

struct cause {
	enum cause_kind kind;
	char name[CAUSE_NAME_LEN]; /* of the thread, interrupt ...; or "" */
	uint64_t tsc;		   /* how long, within what was asked about */
};

/*
 * What took longest on a CPU between two moments, beside the vCPU that was to
 * run there: CAUSE_NOTHING, if nothing was recorded.
 */
struct cause cause_find(const struct trace_log *log,
			const struct span_host *host, int cpu, int vcpu,
			uint64_t begin, uint64_t end);

/* "TIMER" of 1, as the kernel has them (include/linux/interrupt.h). */
const char *softirq_name(uint64_t nr);

/* A sentence of what can be done about it. */
const char *cause_advice(enum cause_kind kind);

/* "own_thread": in files; and as people read it, before a cause's name. */
const char *cause_kind_name(enum cause_kind kind);
const char *cause_text(enum cause_kind kind);

#endif
