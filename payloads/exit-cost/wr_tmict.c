/* SPDX-License-Identifier: BSD-2-Clause */
/* wr_tmict.c - arming the timer by its initial count, an MSR in x2APIC mode. */
#include "guest-firmware/exit_cost.h"

#define FAR_TICKS 0x7fffffffu /* 2 s: each write starts it anew */

static void setup(void)
{
	lapic_timer_mode(LAPIC_LVTT_ONESHOT);
}

static inline void op(void)
{
	wrmsr(MSR_X2APIC + LAPIC_TMICT / 16, FAR_TICKS);
}

/* Between the clock reads: wrmsr. */
EXIT_COST(wr_tmict, op, exit_cost_nothing, exit_cost_nothing,
	  .skip = exit_cost_needs_x2apic, .setup = setup,
	  .teardown = lapic_timer_off);
