/* SPDX-License-Identifier: BSD-2-Clause */
/* eoi.c - the end of an interrupt that is in service. */
#include "guest-firmware/exit_cost.h"

static inline void take_interrupt(void)
{
	lapic_self_ipi(VECTOR_IPI);
	irq_take();
}

/* Between the clock reads: wrmsr. */
EXIT_COST(eoi, lapic_eoi, take_interrupt, exit_cost_nothing,
	  .skip = exit_cost_needs_lapic);
