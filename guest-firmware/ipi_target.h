/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipi_target.h - vCPU 1 as a target of IPIs, spinning or halted, for tests on
 * vCPU 0.  One is active at a time.
 */
#ifndef FW_IPI_TARGET_H
#define FW_IPI_TARGET_H

#include "guest-firmware/fw.h"

/* Long enough for a target that said it is ready to reach its HLT. */
#define IPI_TARGET_SETTLE_US 50

struct ipi_target {
	struct percpu *cpu;	/* of vCPU 1 */
	_Atomic uint64_t ready; /* target: interrupts it has waited for */
	_Atomic uint64_t stop;	/* sender: the next interrupt is the last */
	/* Sender: what the target calls at the next interrupt. */
	void (*_Atomic window)(const struct measure *);
	const struct measure *measure; /* its argument */
	uint64_t sent;		       /* sender */
	uint64_t settle_tsc;
	uint64_t seen; /* sender: target's interrupts so far */
};

extern struct ipi_target ipi_target;

/* .setup: starts vCPU 1 as a target. */
void ipi_target_spin(void);
void ipi_target_halt(void);

/* .teardown: ends it. */
void ipi_target_stop(void);

/*
 * .window: the target's own window.  The interrupt that ends it is one more
 * halt than there are samples.
 */
void ipi_target_window(void (*fn)(const struct measure *),
		       const struct measure *m);

/* Waits until the target is waiting for an interrupt again. */
static inline void ipi_target_await(void)
{
	struct ipi_target *t = &ipi_target;

	wait_for(&t->ready, ++t->sent);
	pause_for(t->settle_tsc);
	t->seen = word_load(&t->cpu->irqs);
}

/* Sends it, and waits until the handler has counted it. */
static inline void ipi_target_send(void)
{
	lapic_ipi(1, VECTOR_IPI);
	wait_for(&ipi_target.cpu->irqs, ipi_target.seen + 1);
}

#endif
