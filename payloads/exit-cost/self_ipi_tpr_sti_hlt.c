/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * self_ipi_tpr_sti_hlt.c - an interrupt to itself, held back by the task
 * priority, then taken at STI; HLT.
 */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	exit_cost_tpr_raise();
	lapic_self_ipi(VECTOR_IPI);
	exit_cost_tpr_lower();
	irq_halt();
}

/* Between the clock reads: cli, hlt, sti, wrmsr. */
EXIT_COST(self_ipi_tpr_sti_hlt, op, exit_cost_nothing, lapic_eoi,
	  .skip = exit_cost_needs_lapic);
