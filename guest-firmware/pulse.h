/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pulse.h - interrupts that the host's timer gives: the guest's side of
 * abi/pulse.h.  For payloads with PAYLOAD_PULSE.
 */
#ifndef FW_PULSE_H
#define FW_PULSE_H

#include <stdbool.h>
#include <stdint.h>

#include "guest-firmware/abi/layout.h"
#include "guest-firmware/abi/modes.h"
#include "guest-firmware/abi/pulse.h"
#include "guest-firmware/irq.h"
#include "guest-firmware/percpu.h"
#include "guest-firmware/x86.h"

/*
 * Pulses for this vCPU, with VECTOR_PULSE, from now on: one exit, and not in a
 * window.  Each finds it at rest, or is refused.  False: this KVM does not do
 * it.
 */
static inline bool pulse_start(struct pulse *p, uint64_t gap_lo_us,
			       uint64_t gap_hi_us, enum vcpu_rest rest)
{
	p->vcpu = (uint32_t)me()->id;
	p->vector = VECTOR_PULSE;
	p->gap_lo_us = (uint32_t)gap_lo_us;
	p->gap_hi_us = (uint32_t)gap_hi_us;
	p->rest = rest;
	p->state = PULSE_STOPPED;
	me()->counts.pio++;
	outl(PORT_PULSE, (uint32_t)(uintptr_t)p);
	/* Pairs with the host's release: fired and blind_tsc are 0. */
	while (__atomic_load_n(&p->state, __ATOMIC_ACQUIRE) == PULSE_STOPPED)
		cpu_relax();
	return p->state == PULSE_RUNNING;
}

static inline void pulse_stop(void)
{
	me()->counts.pio++;
	outl(PORT_PULSE, 0);
}

/* The n-th pulse may come, from 1 on; what the host told of the last is read.
 */
static inline void pulse_expect(struct pulse *p, uint64_t n)
{
	p->ready_tsc = rdtsc();
	/* Pairs with the host's acquire. */
	__atomic_store_n(&p->ready, n, __ATOMIC_RELEASE);
}

/* The same of a vCPU that is to sleep until it comes, and halts. */
static inline void pulse_halt(struct pulse *p, uint64_t n)
{
	p->ready_tsc = rdtsc();
	irq_halt_telling(&p->ready, n);
}

/* After its interrupt: its times are there. */
static inline void pulse_came(const struct pulse *p, uint64_t n)
{
	/* Pairs with the host's release, which was before the interrupt. */
	while (__atomic_load_n(&p->fired, __ATOMIC_ACQUIRE) < n)
		cpu_relax();
}

#endif
