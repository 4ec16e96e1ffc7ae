/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * record-loop.c - what recording a sample costs the guest: measure_record()
 * between two clock reads.  Every payload's loop has it behind its second one.
 */
#include "guest-firmware/fw.h"

enum {
	PARAM_SAMPLES,
	NR_PARAMS
};

/* The lists of the largest are full of what comes then, and are left alone. */
#define WARMUP (SERIES_TOP + 32)

static void record_loop(void)
{
	struct param_value p[NR_PARAMS];
	struct measure m, usual;
	uint64_t t0, t1, value = 1;

	params_load(p, NR_PARAMS);
	m = metric_add("record", 0, 0, p[PARAM_SAMPLES].lo);
	usual = metric_add("usual", 0, 0, p[PARAM_SAMPLES].lo + WARMUP);
	window_begin(&m);
	for (uint64_t i = 0; i < p[PARAM_SAMPLES].lo + WARMUP; i++) {
		const struct measure own = usual; /* in registers */

		/* For all that the compiler knows it is another each time. */
		asm volatile("" : "+r"(value));
		t0 = rdtsc_ordered();
		measure_record(&own, value, t0);
		t1 = rdtsc_ordered();
		if (i >= WARMUP)
			measure_record(&m, t1 - t0, t1);
	}
	window_end(&m);
	metric_done(&m);
	metric_done(&usual);
}

PAYLOAD("record-loop", record_loop,
	.summary = "instructions of recording a sample, for the lab",
	.limit_ms = 60000, .hists = 2,
	.params = {
		PARAM_DESC_SAMPLES("that are measured", 1000, 200),
	});
