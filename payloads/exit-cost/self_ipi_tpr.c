/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * self_ipi_tpr.c - an interrupt to itself, taken when the task priority falls,
 * interrupts being on.
 */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	exit_cost_tpr_raise();
	lapic_self_ipi(VECTOR_IPI);
	exit_cost_tpr_take();
}

/* Between the clock reads: cli, sti, wrmsr. */
EXIT_COST(self_ipi_tpr, op, exit_cost_nothing, lapic_eoi,
	  .skip = exit_cost_needs_lapic);
