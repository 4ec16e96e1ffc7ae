/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * self_ipi_tpr_sti_nop.c - an interrupt to itself, held back by the task
 * priority, then taken at STI; NOP.
 */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	exit_cost_tpr_raise();
	lapic_self_ipi(VECTOR_IPI);
	exit_cost_tpr_lower();
	irq_take();
}

/* Between the clock reads: cli, sti, wrmsr. */
EXIT_COST(self_ipi_tpr_sti_nop, op, exit_cost_nothing, lapic_eoi,
	  .skip = exit_cost_needs_lapic);
