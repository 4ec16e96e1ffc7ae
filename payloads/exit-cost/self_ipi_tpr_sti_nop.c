/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * self_ipi_tpr_sti_nop.c - an interrupt to itself, held back by the task
 * priority, then taken at STI; NOP.
 */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	write_cr8(EXIT_COST_TPR_ALL);
	lapic_self_ipi(VECTOR_IPI);
	write_cr8(0);
	irq_take();
}

EXIT_COST(self_ipi_tpr_sti_nop, op, exit_cost_nothing, lapic_eoi,
	  .skip = exit_cost_needs_lapic);
