/* SPDX-License-Identifier: BSD-2-Clause */
/* stage_table.h - kinds of spans, and which events end the stages of each. */
#ifndef VMM_RESULT_STAGE_TABLE_H
#define VMM_RESULT_STAGE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "vmm/host/trace_event.h"

#define STAGES_MAX     17
#define STAGE_NAME_LEN 96

/* What the samples of a metric are. */
enum span_kind {
	SPAN_SELF,  /* something that a vCPU does by itself */
	SPAN_IPI,   /* from the sending of an IPI to its handler */
	SPAN_TIMER, /* from when a timer is due to its handler */
	SPAN_RTT,   /* an IPI to another vCPU, and back: SPAN_IPI twice */
	SPAN_PULSE, /* from a device's eventfd to the handler */
	NR_SPAN_KINDS
};

/* Whose event a boundary is. */
enum owner {
	BY_SENDER, /* the sender's thread does it */
	BY_TARGET, /* the target's thread */
	OF_TARGET, /* event.a is the target's thread */
	OF_SENDER, /* event.a is the sender's thread */
	TO_TARGET, /* event.a is the target's APIC ID, or nobody's; by anyone */
	ON_ITS_CPU, /* whatever runs on the target's CPU */
};

struct stage {
	const char *name;
	enum trace_kind kind;
	enum owner owner;
	bool is_sent;	/* a message: see find_boundaries() */
	bool with_next; /* only where the next boundary is: else another's */
	/* Of a timer: that one, where its name is known; NULL: any. */
	const char *function;
};

/* Of a kind, in the order in which they happen; the last one has no event. */
const struct stage *stage_list(enum span_kind kind);

/* "own", "ipi", "timer", "round_trip", "pulse". */
const char *span_kind_name(enum span_kind kind);

/* How many stages a span of that kind has at most, the last one too. */
unsigned int stages_nr(enum span_kind kind);

/* The first part of what ends at boundary i, as below. */
unsigned int stage_first(uint32_t mask, unsigned int i);

/*
 * The name of what ends at boundary i when only the boundaries of mask are
 * there: "exit+icr".  The last one has no event, and is always there.
 */
void stage_name(enum span_kind kind, uint32_t mask, unsigned int i,
		char name[STAGE_NAME_LEN]);

/* The kind of event that is boundary i, but for the last one. */
enum trace_kind stage_event(enum span_kind kind, unsigned int i);

/* Does the stage that boundary i ends take place on the target's CPU? */
bool stage_is_target(enum span_kind kind, unsigned int i);

#endif
