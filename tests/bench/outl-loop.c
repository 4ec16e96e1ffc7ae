/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outl-loop.c - the guest of "minimal outl" as a payload: batches of OUT with
 * one clock read before and one after; a sample is a whole batch.
 */
#include "guest-firmware/fw.h"

enum {
	PARAM_BATCH,
	NR_PARAMS
};

static void outl_loop(void)
{
	struct param_value p[NR_PARAMS];
	struct measure m = metric_add("outl_batch", 0, 0, 1);
	uint64_t t0, t1;
	uint32_t n;

	params_load(p, NR_PARAMS);
	n = (uint32_t)p[PARAM_BATCH].lo;
	window_begin(&m);
	t0 = rdtsc_ordered();
	asm volatile("1: out %%eax, %%dx\n"
		     "dec %0\n"
		     "jnz 1b"
		     : "+r"(n)
		     : "a"(0), "d"(PORT_DOORBELL)
		     : "memory", "cc");
	t1 = rdtsc_ordered();
	measure_record(&m, t1 - t0, t1);
	me()->counts.pio += p[PARAM_BATCH].lo;
	window_end(&m);
	metric_done(&m);
}

PAYLOAD("outl-loop", outl_loop, .summary = "batches of OUT, for bench-self",
	.limit_ms = 60000, .hists = 1,
	.params = {{.name = "batch",
		    .help = "OUTs in a sample",
		    .kind = PARAM_U64,
		    .min = 1,
		    .max = 1000000,
		    .def = 20000}});
