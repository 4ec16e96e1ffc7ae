/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer-left.c - a timer whose interrupt has come, but was not taken, leaves
 * nothing behind when it is stopped: PASS.
 */
#include "guest-firmware/fw.h"

#define PERIOD_TICKS 300000u /* of KVM's 1 ns ticks; above its least period */

static void timer_left(void)
{
	uint64_t irqs;

	lapic_timer_mode(LAPIC_LVTT_PERIOD);
	lapic_timer_count(PERIOD_TICKS);
	while (!lapic_requested(VECTOR_TIMER))
		cpu_relax();
	irqs = me()->irqs;
	lapic_timer_off();
	if (lapic_requested(VECTOR_TIMER))
		verdict_fail("it waits for the next STI");
	if (me()->irqs != irqs + 1)
		verdict_fail("it was taken %lu times", me()->irqs - irqs);
	/* Neither in service, nor is there another one. */
	if (lapic_timer_take())
		verdict_fail("there was one more");
}

PAYLOAD("timer-left", timer_left,
	.summary = "stops a timer whose interrupt nobody took",
	.flags = PAYLOAD_NEEDS_LAPIC, .limit_ms = 2000);
