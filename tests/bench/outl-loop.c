/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outl-loop.c - the guest of "minimal outl" as a payload: batches of OUT with
 * one clock read before and one after; a sample is a whole batch.
 */
#include "guest-firmware/fw.h"

enum {
	PARAM_BATCH,
	PARAM_SAMPLES,
	NR_PARAMS
};

static uint64_t batch(uint32_t n, uint64_t *t1)
{
	uint64_t t0 = rdtsc_ordered();

	asm volatile("1: out %%eax, %%dx\n"
		     "dec %0\n"
		     "jnz 1b"
		     : "+r"(n)
		     : "a"(0), "d"(PORT_DOORBELL)
		     : "memory", "cc");
	*t1 = rdtsc_ordered();
	return *t1 - t0;
}

static void outl_loop(void)
{
	struct param_value p[NR_PARAMS];
	struct measure m;
	uint64_t t1;

	params_load(p, NR_PARAMS);
	m = metric_add("outl_batch", 0, 0, p[PARAM_SAMPLES].lo);
	window_begin(&m);
	for (uint64_t i = 0; i < p[PARAM_SAMPLES].lo; i++) {
		uint64_t cost = batch((uint32_t)p[PARAM_BATCH].lo, &t1);

		measure_record(&m, cost, t1);
	}
	me()->counts.pio += p[PARAM_BATCH].lo * p[PARAM_SAMPLES].lo;
	window_end(&m);
	metric_done(&m);
}

PAYLOAD("outl-loop", outl_loop,
	.summary = "batches of OUT, for bench-self and the lab",
	.limit_ms = 60000, .hists = 1,
	.params = {
		{.name = "batch",
		 .help = "OUTs in a sample",
		 .kind = PARAM_U64,
		 .min = 1,
		 .max = 1000000,
		 .def = 20000},
		PARAM_DESC_SAMPLES("batches", 1000, 1),
	});
