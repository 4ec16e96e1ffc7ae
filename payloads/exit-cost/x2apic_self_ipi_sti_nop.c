/* SPDX-License-Identifier: BSD-2-Clause */
/* x2apic_self_ipi_sti_nop.c - by the x2APIC's SELF IPI register. */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	wrmsr(MSR_X2APIC + LAPIC_SELF_IPI / 16, VECTOR_IPI);
	irq_take();
}

static inline void post(void)
{
	me()->counts.ipis++;
	lapic_eoi();
}

EXIT_COST(x2apic_self_ipi_sti_nop, op, exit_cost_nothing, post,
	  .skip = exit_cost_needs_x2apic);
