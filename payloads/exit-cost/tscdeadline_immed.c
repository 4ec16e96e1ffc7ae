/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tscdeadline_immed.c - a TSC deadline that is past already: from the write
 * through the interrupt to the instruction after it.
 */
#include "guest-firmware/exit_cost.h"

static void setup(void)
{
	lapic_timer_mode(LAPIC_LVTT_TSCDL);
}

static inline void op(void)
{
	lapic_timer_deadline(1);
	irq_take();
}

EXIT_COST(tscdeadline_immed, op, exit_cost_nothing, lapic_eoi,
	  .skip = exit_cost_needs_tsc_deadline, .setup = setup,
	  .teardown = lapic_timer_off);
