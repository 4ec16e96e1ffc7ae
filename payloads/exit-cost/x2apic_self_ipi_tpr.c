/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * x2apic_self_ipi_tpr.c - the same as self_ipi_tpr,
 * by the x2APIC's SELF IPI register.
 */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	exit_cost_tpr_raise();
	exit_cost_x2apic_self_ipi();
	exit_cost_tpr_take();
}

/* Between the clock reads: cli, sti, wrmsr. */
EXIT_COST(x2apic_self_ipi_tpr, op, exit_cost_nothing, exit_cost_x2apic_post,
	  .skip = exit_cost_needs_x2apic);
