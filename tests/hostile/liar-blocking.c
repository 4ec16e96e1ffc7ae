/* SPDX-License-Identifier: BSD-2-Clause */
/* liar-blocking.c - wake-ups of a vCPU that never halted are an ERROR. */
#include "guest-firmware/fw.h"

static void liar_blocking(void)
{
	struct measure m = metric_add("lies", 0, 0, 1);

	m.metric->blocking = 1;
	window_begin(&m);
	measure_record(&m, 1000, rdtsc());
	window_end(&m);
	metric_done(&m);
}

PAYLOAD("liar-blocking", liar_blocking,
	.summary = "wakes a vCPU that did not sleep",
	.flags = PAYLOAD_NEEDS_LAPIC, .limit_ms = 2000, .hists = 1);
