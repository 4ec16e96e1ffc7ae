/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * step-hang.c - one of three steps never returns, interrupts off: it keeps
 * its samples as timeout, and the steps around it their results.
 */
#include "guest-firmware/fw.h"

#define SAMPLES	    5
#define NO_LIMIT_MS 3600000 /* the run's ends it before */

static const char *const names[] = {"before", "hang", "after"};

/*
 * The limit counts from here: whether the samples before it fit into it, only
 * the host's delays would say.
 */
static void hang(uint64_t step, uint64_t limit_ms)
{
	step_end(); /* no new limit with an old start */
	step_begin(step, limit_ms, 0);
	for (;;)
		cpu_relax();
}

static void run_step(uint64_t step, uint64_t limit_ms)
{
	struct measure m;

	if (!step_begin(step, NO_LIMIT_MS, 0))
		return;
	m = metric_add(names[step], 0, METRIC_PER_OP, SAMPLES);
	window_begin(&m);
	for (uint64_t i = 0; i < SAMPLES; i++) {
		measure_record(&m, 1000 * (step + 1) + i, rdtsc());
		if (step == 1 && i == 2)
			hang(step, limit_ms);
	}
	window_end(&m);
	metric_done(&m);
	step_end();
}

static void step_hang(void)
{
	struct param_value p;

	params_load(&p, 1);
	for (uint64_t i = 0; i < 3; i++)
		run_step(i, p.lo);
}

PAYLOAD("step-hang", step_hang, .summary = "the second of three steps hangs",
	.limit_ms = 30000, .hists = 3,
	.params = {
		{.name = "step_limit_ms",
		 .kind = PARAM_U64,
		 .min = 10,
		 .max = 10000,
		 .def = 300},
	});
