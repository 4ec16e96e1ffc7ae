/* SPDX-License-Identifier: BSD-2-Clause */
/* self_ipi_sti_hlt.c - an interrupt to itself, taken at STI; HLT. */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	lapic_self_ipi(VECTOR_IPI);
	irq_halt();
}

/* Between the clock reads: cli, hlt, sti, wrmsr. */
EXIT_COST(self_ipi_sti_hlt, op, exit_cost_nothing, lapic_eoi,
	  .skip = exit_cost_needs_lapic);
