/* SPDX-License-Identifier: BSD-2-Clause */
/* cause.h - a cause of what took a CPU longer than usual, and its names. */
#ifndef VMM_RESULT_CAUSE_H
#define VMM_RESULT_CAUSE_H

#include <stdbool.h>
#include <stdint.h>

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
	CAUSE_WORK,	  /* a workqueue's */
	CAUSE_PAGE_FAULT, /* the guest's, that KVM resolves */
	NR_CAUSES
};

struct cause {
	enum cause_kind kind;
	/*
	 * Of the thread, the interrupt, the softirq, the function of a timer
	 * or of a queue, or the guest's address; or "".
	 */
	char name[CAUSE_NAME_LEN];
	uint64_t tsc; /* how long, within what was asked about */
};

/* What is asked about. */
struct cause_place {
	int cpu, vcpu; /* that was to run there */
	uint64_t begin, end;
	/* An interrupt was waited for: what threads and softirqs do does not
	   hinder it. */
	bool is_interrupt;
};

/* "TIMER" of 1, as the kernel has them (include/linux/interrupt.h). */
const char *softirq_name(uint64_t nr);

/* "SCHED": what keeps a tick that could stop; of bits, the lowest. */
const char *tick_keeper_name(uint64_t dependency);

/* Is it a timer interrupt for the host's tick? */
bool cause_is_tick(const struct cause *c);

/* A sentence of what can be done about it. */
const char *cause_advice(const struct cause *c);

/* The names of doctor's checks that find why it may happen, ", " between. */
const char *cause_checks(const struct cause *c);

/* "own_thread": in files; and as people read it, before a cause's name. */
const char *cause_kind_name(enum cause_kind kind);
const char *cause_text(enum cause_kind kind);

#endif
