/* SPDX-License-Identifier: BSD-2-Clause */
/* timer.c - the parts of timer.h that are not on a measured path. */
#include "guest-firmware/timer.h"

void timer_start(const struct timer *t)
{
	static const uint32_t lvtt[] = {
		[TIMER_DEADLINE] = LAPIC_LVTT_TSCDL,
		[TIMER_ONESHOT] = LAPIC_LVTT_ONESHOT,
		[TIMER_PERIODIC] = LAPIC_LVTT_PERIOD,
	};

	lapic_timer_mode(lvtt[t->mode]);
}
