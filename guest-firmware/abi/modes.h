/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * modes.h - how a vCPU waits for an interrupt and how an IPI is sent.  A
 * payload offers them as parameters; the vmm sets the VM up for them before it
 * exists, and the guest does its part.
 *
 * A parameter's choices are these words in this order, or as many of the first
 * ones as the payload likes; its value is the enum's.
 */
#ifndef ABI_MODES_H
#define ABI_MODES_H

#define IDLE_CHOICES "hlt|halt-poll|hlt-passthrough|mwait|guest-poll|spin"

enum idle_mode {
	IDLE_HLT,	      /* HLT exits; KVM does not poll, it sleeps */
	IDLE_HALT_POLL,	      /* HLT exits; KVM polls before it sleeps */
	IDLE_HLT_PASSTHROUGH, /* HLT does not exit */
	IDLE_MWAIT,	      /* MONITOR and MWAIT do not exit */
	IDLE_GUEST_POLL,      /* the guest polls, then HLT; KVM does not poll */
	IDLE_SPIN,	      /* never halts */
};

/* How far a vCPU must have come on its way to sleep, for one that wakes it. */
enum vcpu_rest {
	REST_NONE,   /* wherever it is */
	REST_HALTED, /* it halted; KVM may be polling for it */
	REST_ASLEEP, /* its thread sleeps in KVM */
	NR_RESTS,
};

#define DELIVERY_CHOICES "x2apic|xapic|pv|nmi"

enum delivery {
	DELIVERY_X2APIC, /* a write of the ICR's MSR */
	DELIVERY_XAPIC,	 /* a write of the ICR in memory */
	DELIVERY_PV,	 /* hypercall KVM_HC_SEND_IPI */
	DELIVERY_NMI,	 /* the ICR, as a non-maskable interrupt */
};

#define PAGE_CHOICES "4K|2M|1G" /* pages behind guest memory */

/* Bytes of one: each level of the page tables is 512 times the one below. */
#define PAGE_CHOICE_LEN(choice) (4096ull << 9 * (choice))
#define NR_PAGE_CHOICES		3

#endif
