/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irq.h - the only places where interrupts are on.
 *
 * Each wait clears me()->irq_vector first; after it, irq_vector says what came
 * last and irq_tsc when its handler began.  The interrupt is
 * in service until lapic_eoi().
 */
#ifndef FW_IRQ_H
#define FW_IRQ_H

#include "guest-firmware/percpu.h"

/*
 * Halts until an interrupt was handled.  STI holds interrupts back for one
 * instruction (SDM vol 2B, STI), so none is lost between it and HLT; one that
 * was pending already ends the HLT at once.
 */
static inline void irq_halt(void)
{
	struct percpu *p = me();

	p->irq_vector = 0;
	p->counts.halts++;
	asm volatile("sti; hlt; cli" : : : "rax", "rdx", "memory", "cc");
}

/*
 * Spins until an interrupt was handled, interrupts on all the while: a host
 * that emulates the loop takes an interrupt between two instructions only.
 */
static inline void irq_spin(void)
{
	struct percpu *p = me();

	p->irq_vector = 0;
	asm volatile("sti\n"
		     "1: pause\n"
		     "cmpl $0, %0\n"
		     "je 1b\n"
		     "cli"
		     : "+m"(p->irq_vector)
		     :
		     : "rax", "rdx", "memory", "cc");
}

/*
 * Takes an interrupt that is pending or about to be: at STI; NOP where that is
 * prompt.  Interrupts stay on until it came, for the same reason.
 */
static inline void irq_take(void)
{
	struct percpu *p = me();

	p->irq_vector = 0;
	asm volatile("sti\n"
		     "nop\n"
		     "1: cmpl $0, %0\n"
		     "je 1b\n"
		     "cli"
		     : "+m"(p->irq_vector)
		     :
		     : "rax", "rdx", "memory", "cc");
}

#endif
