/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * self_ipi_tpr.c - an interrupt to itself, taken when the task priority falls,
 * interrupts being on.
 */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	write_cr8(EXIT_COST_TPR_ALL);
	lapic_self_ipi(VECTOR_IPI);
	irq_take_at_cr8();
}

EXIT_COST(self_ipi_tpr, op, exit_cost_nothing, lapic_eoi,
	  .skip = exit_cost_needs_lapic);
