/* SPDX-License-Identifier: BSD-2-Clause */
/* tscdeadline_disarm.c - writing 0 to a timer that is armed. */
#include "guest-firmware/exit_cost.h"

#define FAR_US 3600000000ull /* an hour: it will not fire */

static void setup(void)
{
	lapic_timer_mode(LAPIC_LVTT_TSCDL);
	me()->word = rdtsc() + us_to_tsc(FAR_US);
}

static inline void arm(void)
{
	lapic_timer_deadline(me()->word);
}

static inline void op(void)
{
	lapic_timer_deadline(0);
}

/* Between the clock reads: wrmsr. */
EXIT_COST(tscdeadline_disarm, op, arm, exit_cost_nothing,
	  .skip = exit_cost_needs_tsc_deadline, .setup = setup,
	  .teardown = lapic_timer_off);
