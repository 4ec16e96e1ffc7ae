/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * window-of-a-past-life.c - begins a window whose writes are counted, is
 * started anew, and ends that window: CRASH, as nobody has begun it.
 */
#include "guest-firmware/fw.h"

static void past_life(void)
{
	if (step_begin(0, 300, 0)) {
		struct measure m = metric_add("lies", 0, METRIC_COUNTED, 1);

		window_begin(&m);
		for (;;)
			cpu_relax();
	}
	if (step_begin(1, 20000, 0)) {
		fw_control(CTL_WINDOW_END, 0);
		step_end();
	}
}

PAYLOAD("window-of-a-past-life", past_life,
	.summary = "ends a window that a life before began",
	.flags = PAYLOAD_NEEDS_LAPIC | PAYLOAD_COUNTS_MSRS, .limit_ms = 6000,
	.hists = 1);
