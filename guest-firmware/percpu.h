/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * percpu.h - what belongs to one vCPU, reached through GS.
 *
 * The firmware runs with interrupts off except inside irq_halt(), irq_spin()
 * and irq_take().  The interrupt stubs in start.S therefore may use RAX and
 * RDX freely, and read the clock in their very first instruction.
 */
#ifndef FW_PERCPU_H
#define FW_PERCPU_H

/* start.S uses these offsets; the asserts below pin them. */
#define PERCPU_SELF	  0
#define PERCPU_IRQ_TSC	  8
#define PERCPU_IRQ_VECTOR 16
#define PERCPU_IRQS	  24
#define PERCPU_NMI_OK	  32
#define PERCPU_HALTS	  48

/* boot_record.vcpu_area, asserted in abi/boot.h; MSR_GS_BASE of x86.h. */
#define BOOT_VCPU_AREA 48
#define MSR_GS_BASE_NR 0xc0000101

#ifndef __ASSEMBLER__

#include <stddef.h>
#include <stdint.h>

#include "guest-firmware/abi/result.h"

struct percpu {
	struct percpu *self;
	/* The stubs write these three; other vCPUs read the atomic ones. */
	_Atomic uint64_t irq_tsc;     /* clock at the handler's entry */
	volatile uint64_t irq_vector; /* 0: none since the waiter cleared it */
	_Atomic uint64_t irqs;	      /* interrupts ever entered, no NMIs */
	/* Volatile: between a vCPU and its own interrupts only. */
	volatile uint64_t nmi_ok;  /* an NMI is an interrupt; 0: it is a trap */
	uint64_t id;		   /* index = APIC id */
	struct vcpu_counts counts; /* irqs is in the field above */
	/* A job for an idle vCPU: vCPU 0 writes fn last, the owner clears. */
	void (*_Atomic job_fn)(void *arg);
	void *job_arg;
	_Atomic uint64_t parked;
	uint64_t word; /* the payload's: what a part of it keeps on this vCPU */
	uint64_t gdt[5];
	uint8_t tss[104]; /* SDM vol 3 8.7 */
};

_Static_assert(offsetof(struct percpu, self) == PERCPU_SELF, "start.S");
_Static_assert(offsetof(struct percpu, irq_tsc) == PERCPU_IRQ_TSC, "start.S");
_Static_assert(offsetof(struct percpu, irq_vector) == PERCPU_IRQ_VECTOR,
	       "start.S");
_Static_assert(offsetof(struct percpu, irqs) == PERCPU_IRQS, "start.S");

_Static_assert(offsetof(struct percpu, nmi_ok) == PERCPU_NMI_OK, "start.S");
_Static_assert(offsetof(struct percpu, counts.halts) == PERCPU_HALTS,
	       "start.S");

/* This vCPU's own. */
static inline struct percpu *me(void)
{
	struct percpu *p;

	asm("mov %%gs:0, %0" : "=r"(p));
	return p;
}

#endif
#endif
