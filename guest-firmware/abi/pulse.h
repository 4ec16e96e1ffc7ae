/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pulse.h - interrupts that the host's timer gives: the memory that guest and
 * host share.  Only for payloads with PAYLOAD_PULSE.
 *
 * A 32-bit write of its address to PORT_PULSE starts the pulses, or starts
 * them anew; a write of 0 stops them.  Between the two there is no exit: the
 * host's main thread fires a pulse at a random gap after the last one, if the
 * guest says that it waits for it.  Else the pulse is refused: from when it was
 * due until one is fired, the host is blind.
 */
#ifndef ABI_PULSE_H
#define ABI_PULSE_H

#include <stddef.h>
#include <stdint.h>

#define PULSE_ALIGN 64u /* of its address */

/* Gaps outside of it are moved into it: the host's main thread must keep up. */
#define PULSE_MIN_GAP_US 50u
#define PULSE_MAX_GAP_US 10000000u

/* A pulse that comes sooner after ready_tsc is refused: it shall find a halt.
 */
#define PULSE_SETTLE_US 30u

enum pulse_state {
	PULSE_STOPPED,
	PULSE_RUNNING,
	PULSE_REFUSED, /* by this host's KVM */
};

struct pulse {
	/* The guest writes these before it starts; the host copies them. */
	uint32_t vcpu;		       /* index of the target */
	uint32_t vector;	       /* 0x20..0xff */
	uint32_t gap_lo_us, gap_hi_us; /* of the random gap, both included */
	uint32_t rest; /* enum vcpu_rest: how far it sleeps for a pulse */
	uint32_t pad[11];
	/*
	 * The guest: the number of the pulse that it is idle for, 1 upwards
	 * from each start; 0: none.  It acknowledges all before it.
	 */
	uint64_t ready;
	uint64_t ready_tsc; /* the guest: since when, written before it */
	uint64_t pad2[6];
	/* The host writes these. */
	uint64_t state;	    /* enum pulse_state */
	uint64_t fired;	    /* the last pulse's number, after its times */
	uint64_t due_tsc;   /* when the host's timer should have expired */
	uint64_t woken_tsc; /* when it had woken the main thread up */
	uint64_t fired_tsc; /* just before it was fired */
	/* Cycles since the start in which one was due and not fired. */
	uint64_t blind_tsc;
	uint64_t pad3[2];
};

_Static_assert(offsetof(struct pulse, ready) == 64, "a line a writer");
_Static_assert(offsetof(struct pulse, state) == 128, "a line a writer");
_Static_assert(sizeof(struct pulse) == 192, "pulse layout");

#endif
