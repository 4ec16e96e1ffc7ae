/* SPDX-License-Identifier: BSD-2-Clause */
/* liar-halts.c - halts that KVM did not see make the run an ERROR. */
#include "guest-firmware/fw.h"

static void liar_halts(void)
{
	struct measure m = metric_add("lies", 0, 0, 1);

	window_begin(&m);
	measure_record(&m, 1000, rdtsc());
	me()->counts.halts++;
	window_end(&m);
	metric_done(&m);
}

PAYLOAD("liar-halts", liar_halts, .summary = "counts a halt that was none",
	.flags = PAYLOAD_NEEDS_LAPIC, .limit_ms = 2000, .hists = 1);
