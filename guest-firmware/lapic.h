/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lapic.h - the local APIC in x2APIC mode (MSRs) or xAPIC mode (MMIO), its
 * timer and its interrupts.  SDM vol 3 chapter 11.
 *
 * The mode is read from one byte, so that both take the same path through the
 * payload.  All calls act on this vCPU's own APIC.
 */
#ifndef FW_LAPIC_H
#define FW_LAPIC_H

#include <stdbool.h>
#include <stdint.h>

#include "guest-firmware/abi/layout.h"
#include "guest-firmware/percpu.h"
#include "guest-firmware/x86.h"

#define LAPIC_ID       0x020
#define LAPIC_TPR      0x080
#define LAPIC_EOI      0x0b0
#define LAPIC_SVR      0x0f0
#define LAPIC_IRR      0x200 /* 8 registers, 0x10 apart */
#define LAPIC_ICR      0x300
#define LAPIC_ICR_HIGH 0x310 /* xAPIC only */
#define LAPIC_LVTT     0x320
#define LAPIC_TMICT    0x380
#define LAPIC_TDCR     0x3e0
#define LAPIC_SELF_IPI 0x3f0 /* x2APIC only */

#define LAPIC_SVR_ENABLE   0x100
#define LAPIC_ICR_NMI	   0x400   /* delivery mode 4 */
#define LAPIC_ICR_SELF	   0x40000 /* destination shorthand 1 */
#define LAPIC_LVT_MASKED   0x10000
#define LAPIC_LVTT_ONESHOT 0x00000
#define LAPIC_LVTT_PERIOD  0x20000
#define LAPIC_LVTT_TSCDL   0x40000
#define LAPIC_TDCR_DIV_1   0xb

/*
 * Written by vCPU 0 while no other vCPU uses an APIC, or by all of them, the
 * same value, while none uses one.
 */
extern bool fw_x2apic;

static inline void lapic_write(uint32_t reg, uint32_t value)
{
	if (fw_x2apic)
		wrmsr(MSR_X2APIC + reg / 16, value);
	else
		mmio_write32(LAYOUT_LAPIC + reg, value);
}

static inline uint32_t lapic_read(uint32_t reg)
{
	if (fw_x2apic)
		return (uint32_t)rdmsr(MSR_X2APIC + reg / 16);
	return mmio_read32(LAYOUT_LAPIC + reg);
}

/* Has an interrupt come that was not taken yet?  SDM vol 3 11.8.4. */
static inline bool lapic_requested(uint32_t vector)
{
	uint32_t reg = lapic_read(LAPIC_IRR + vector / 32 * 0x10);

	return (reg >> vector % 32 & 1) != 0;
}

static inline void lapic_eoi(void)
{
	lapic_write(LAPIC_EOI, 0);
}

/* Writes the ICR, the high half of the xAPIC's being there already. */
static inline void lapic_icr(uint32_t vcpu, uint32_t vector)
{
	if (fw_x2apic)
		wrmsr(MSR_X2APIC + LAPIC_ICR / 16,
		      (uint64_t)vcpu << 32 | vector);
	else
		mmio_write32(LAYOUT_LAPIC + LAPIC_ICR, vector);
	me()->counts.ipis++;
}

/*
 * Makes ready for lapic_icr().  What this vCPU stored before is there for the
 * target: a WRMSR to an x2APIC register may complete before earlier stores are
 * globally visible, unless MFENCE and LFENCE come before it (SDM vol 3
 * 11.12.3), a store to the uncached xAPIC not.
 */
static inline void lapic_icr_ready(uint32_t vcpu)
{
	if (fw_x2apic)
		asm volatile("mfence; lfence" : : : "memory");
	else
		mmio_write32(LAYOUT_LAPIC + LAPIC_ICR_HIGH, vcpu << 24);
}

/* A fixed, edge-triggered interrupt to the vCPU with that index. */
static inline void lapic_ipi(uint32_t vcpu, uint32_t vector)
{
	lapic_icr_ready(vcpu);
	lapic_icr(vcpu, vector);
}

/* The same; the clock just before the write of the ICR. */
static inline uint64_t lapic_ipi_timed(uint32_t vcpu, uint32_t vector)
{
	uint64_t t0;

	lapic_icr_ready(vcpu);
	t0 = rdtsc_ordered();
	lapic_icr(vcpu, vector);
	return t0;
}

/* To this vCPU, by the ICR's shorthand; nothing has to be there for anybody. */
static inline void lapic_self_ipi(uint32_t vector)
{
	lapic_icr(0, LAPIC_ICR_SELF | vector);
}

/* Software-enables this APIC in the mode that fw_x2apic says. */
void lapic_enable(void);

/*
 * Switches this APIC, through the disabled state that SDM vol 3 11.12.5 asks
 * for; its registers are as after reset and it is enabled.  The same for
 * fw_x2apic.  No other vCPU may be using its APIC, or it does this too.
 */
void lapic_set_mode(bool x2apic);

/* Selects the timer's mode (LAPIC_LVTT_*) with VECTOR_TIMER, divider 1. */
void lapic_timer_mode(uint32_t lvtt_mode);

/*
 * Masks and stops it, and takes what it has sent: nothing of it is left for
 * the next wait.  None of its interrupts is in service.
 */
void lapic_timer_off(void);

/*
 * Takes the interrupt that a timer which is stopped has sent already, in the
 * IRR where stopping it does not reach; false: there is none.
 */
bool lapic_timer_take(void);

/* Fires when the TSC reaches that value; 0 disarms. */
static inline void lapic_timer_deadline(uint64_t tsc)
{
	wrmsr(MSR_TSC_DEADLINE, tsc);
}

/* Fires after that many APIC timer ticks (clock.h); 0 disarms. */
static inline void lapic_timer_count(uint32_t ticks)
{
	lapic_write(LAPIC_TMICT, ticks);
}

#endif
