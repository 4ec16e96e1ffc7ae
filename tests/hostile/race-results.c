/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * race-results.c - the guest rewrites what the host reads while it reads it:
 * metrics, addresses, step, console.  It is ended by its limit.
 */
#include "guest-firmware/abi/console.h"
#include "guest-firmware/fw.h"

static void race_results(void)
{
	struct console *c = (struct console *)LAYOUT_CONSOLE;
	volatile struct result_area *r = fw_result();
	volatile struct metric *m = &r->metrics[0];
	struct measure good = metric_add("race", 0, 0, 0);

	r->step.limit_tsc = UINT64_MAX;
	r->step.first_tsc = 1;
	r->step.start_tsc = rdtsc();
	measure_record(&good, 1000, rdtsc());
	for (;;) {
		r->nr_metrics = 1;
		m->hist_gpa = (gpa_t)good.hist;
		__atomic_store_n(&c->head, c->head + 0x123457,
				 __ATOMIC_RELEASE);
		m->hist_gpa = UINT64_MAX - 7;
		r->nr_metrics = UINT32_MAX;
		r->verdict = 1000;
		m->status = UINT32_MAX;
	}
}

PAYLOAD("race-results", race_results,
	.summary = "rewrites its results for ever", .limit_ms = 2000,
	.hists = 1);
