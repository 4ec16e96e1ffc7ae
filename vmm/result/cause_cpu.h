/* SPDX-License-Identifier: BSD-2-Clause */
/* cause_cpu.h - what one CPU was in, from event to event: a part of causes.h.
 */
#ifndef VMM_RESULT_CAUSE_CPU_H
#define VMM_RESULT_CAUSE_CPU_H

#include "vmm/host/trace_log.h"
#include "vmm/result/cause.h"
#include "vmm/result/stages.h"

#define CAUSE_DEPTH	8
#define CAUSE_MOST	32 /* between two moments; what comes later has no room */
#define CAUSE_LOOK_BACK 4096 /* events */

/* Something that a CPU does, from the moment that it was begun or asked. */
struct doing {
	enum cause_kind kind; /* CAUSE_NOTHING: who was to run, or idle */
	char name[CAUSE_NAME_LEN];
	uint64_t since;
};

/* One CPU, as its events tell of it: a thread, and what interrupted that. */
struct cause_cpu {
	const struct cause_place *place;
	const struct trace_log *log;
	const struct span_host *host;
	int32_t tid;	   /* that runs */
	uint64_t last_tsc; /* of the last event; 0: there was none */
	bool throttled;	   /* who was to run would, and ordinary threads do */
	bool exited;	   /* that vCPU has left the guest */
	struct doing thread;
	struct doing fault; /* the vCPU's thread is in; CAUSE_NOTHING: none */
	struct doing nested[CAUSE_DEPTH];
	unsigned int depth;
	uint64_t charged; /* until when it is known where the time went */
	struct cause causes[CAUSE_MOST]; /* nr of them, all they took */
	unsigned int nr;
};

/* Does a thread do it, with nothing that interrupts it? */
bool cause_is_threads(const struct trace_event *e);

/* Event number i of the log will be the first: has the vCPU's thread given way
   before it, and not run since? */
void cause_begin(struct cause_cpu *s, size_t i);

/* The time until then goes to what the CPU is in. */
void cause_charge(struct cause_cpu *s, uint64_t at);

/*
 * Takes that CPU's event number i of the log.
 *
 * A switch says who is next.  Where one was not recorded, the next event of
 * another thread does: some hosts do not record what a CPU's idle task switches
 * to, which has run since its last event then, others are late.  A real-time
 * thread that would go on gives way to an ordinary one only when it is
 * throttled, or to the fair server.
 */
void cause_follow(struct cause_cpu *s, size_t i);

#endif
