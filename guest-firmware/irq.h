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
 * was pending already ends the HLT at once.  Where HLT makes no exit it may end
 * without one: irq_vector is 0 then.
 */
static inline void irq_halt(void)
{
	struct percpu *p = me();

	p->irq_vector = 0;
	p->counts.halts++;
	asm volatile("sti; hlt; cli" : : : "rax", "rdx", "memory", "cc");
}

/*
 * irq_halt(), which stores value into the 64-bit word just before: by one
 * instruction, for others may stop a vCPU between any two of them, for any
 * time, and who reads the word takes it for asleep soon after.
 */
static inline void irq_halt_telling(void *word, uint64_t value)
{
	struct percpu *p = me();

	p->irq_vector = 0;
	p->counts.halts++;
	/* A store is a release on x86 (SDM vol 3 9.2.2). */
	asm volatile("mov %1, %0\n"
		     "sti\n"
		     "hlt\n"
		     "cli"
		     : "=m"(*(uint64_t *)word)
		     : "r"(value)
		     : "rax", "rdx", "memory", "cc");
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
 * Spins until irq_vector is set; begins and ends with interrupts on and off.
 * RFLAGS.IF changes once in a million turns: an emulated CPU was seen to hold
 * an interrupt back until it does (docs/lab.md).  RSI counts.
 */
#define IRQ_UNTIL_TAKEN            \
	"1: mov $1 << 20, %%esi\n" \
	"2: cmpl $0, %0\n"         \
	"jne 3f\n"                 \
	"dec %%esi\n"              \
	"jnz 2b\n"                 \
	"cli\n"                    \
	"sti\n"                    \
	"jmp 1b\n"                 \
	"3: cli"

/*
 * Takes an interrupt that is pending or about to be: at STI; NOP where that is
 * prompt.  Interrupts stay on until it came, for the same reason.
 */
static inline void irq_take(void)
{
	struct percpu *p = me();

	p->irq_vector = 0;
	asm volatile("sti\n"
		     "nop\n" IRQ_UNTIL_TAKEN
		     : "+m"(p->irq_vector)
		     :
		     : "rax", "rdx", "rsi", "memory", "cc");
}

/*
 * The same for one that only the task priority holds back, which a write of the
 * APIC's register lowers: interrupts are on by then.  (STI holds them back for
 * the write itself.)
 */
static inline void irq_take_at_wrmsr(uint32_t msr, uint32_t value)
{
	struct percpu *p = me();
	uint32_t high = 0;

	p->irq_vector = 0;
	asm volatile("sti\n"
		     "wrmsr\n"
		     "nop\n" IRQ_UNTIL_TAKEN
		     : "+m"(p->irq_vector), "+a"(value), "+d"(high)
		     : "c"(msr)
		     : "rsi", "memory", "cc");
}

static inline void irq_take_at_store(uint64_t addr, uint32_t value)
{
	struct percpu *p = me();

	p->irq_vector = 0;
	asm volatile("sti\n"
		     "movl %1, (%2)\n"
		     "nop\n" IRQ_UNTIL_TAKEN
		     : "+m"(p->irq_vector)
		     : "r"(value), "r"(addr)
		     : "rax", "rdx", "rsi", "memory", "cc");
}

/*
 * Polls until an interrupt was handled or the TSC reaches until; then, without
 * a gap in which one could be lost, halts.  An interrupt may come between any
 * two instructions of the loop and take RAX and RDX; then irq_vector is set,
 * and what the comparison makes of them does not matter.
 */
static inline void irq_poll_halt(uint64_t until)
{
	struct percpu *p = me();

	p->irq_vector = 0;
	asm volatile("sti\n"
		     "1: pause\n"
		     "cmpl $0, %0\n"
		     "jne 2f\n"
		     "rdtsc\n"
		     "shl $32, %%rdx\n"
		     "or %%rdx, %%rax\n"
		     "cmp %1, %%rax\n"
		     "jb 1b\n"
		     "2: cli"
		     : "+m"(p->irq_vector)
		     : "r"(until)
		     : "rax", "rdx", "memory", "cc");
	if (p->irq_vector)
		return;
	p->counts.halts++;
	asm volatile("sti; hlt; cli" : : : "rax", "rdx", "memory", "cc");
}

/*
 * MWAIT until an interrupt was handled (SDM vol 2B, MWAIT; vol 3 9.10).  STI
 * holds an interrupt back until MWAIT has begun, which it then ends.
 */
static inline void irq_mwait(void)
{
	struct percpu *p = me();
	p->irq_vector = 0;
	do {
		uint32_t hint = 0;

		asm volatile("monitor"
			     :
			     : "a"(&p->irq_vector), "c"(0), "d"(0)
			     : "memory");
		asm volatile("sti; mwait; cli"
			     : "+a"(hint) /* the handler changes it */
			     : "c"(0)
			     : "rdx", "memory", "cc");
	} while (p->irq_vector == 0);
}

/*
 * Halts until an NMI came, if none has come since irq_vector was cleared: by
 * the caller, before the sender may send.  start.S.
 */
void irq_halt_nmi(void);

#endif
