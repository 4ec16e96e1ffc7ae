/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * x2apic_self_ipi_tpr_sti_hlt.c - the same as self_ipi_tpr_sti_hlt,
 * by the x2APIC's SELF IPI register.
 */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	exit_cost_tpr_raise();
	exit_cost_x2apic_self_ipi();
	exit_cost_tpr_lower();
	irq_halt();
}

/* Between the clock reads: cli, hlt, sti, wrmsr. */
EXIT_COST(x2apic_self_ipi_tpr_sti_hlt, op, exit_cost_nothing,
	  exit_cost_x2apic_post, .skip = exit_cost_needs_x2apic);
