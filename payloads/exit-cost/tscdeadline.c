/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tscdeadline.c - a TSC deadline so near that nobody sleeps for it, from the
 * write through the interrupt to the instruction after it.
 */
#include "guest-firmware/exit_cost.h"

#define AHEAD_TSC 3000 /* cycles: as many as kvm-unit-tests has */

static void setup(void)
{
	lapic_timer_mode(LAPIC_LVTT_TSCDL);
}

static inline void op(void)
{
	lapic_timer_deadline(rdtsc() + AHEAD_TSC);
	irq_take();
}

/* Between the clock reads: cli, rdtsc, sti, wrmsr. */
EXIT_COST(tscdeadline, op, exit_cost_nothing, lapic_eoi,
	  .skip = exit_cost_needs_tsc_deadline, .setup = setup,
	  .teardown = lapic_timer_off);
