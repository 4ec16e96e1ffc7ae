/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * x2apic_self_ipi_tpr_sti_nop.c - the same as self_ipi_tpr_sti_nop,
 * by the x2APIC's SELF IPI register.
 */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	exit_cost_tpr_raise();
	exit_cost_x2apic_self_ipi();
	exit_cost_tpr_lower();
	irq_take();
}

/* Between the clock reads: cli, sti, wrmsr. */
EXIT_COST(x2apic_self_ipi_tpr_sti_nop, op, exit_cost_nothing,
	  exit_cost_x2apic_post, .skip = exit_cost_needs_x2apic);
