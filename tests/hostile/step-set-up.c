/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * step-set-up.c - the time that making a metric ready takes is none of the
 * step's, and a metric outside of a step begins none: PASS.
 */
#include "guest-firmware/fw.h"

#define LIMIT_MS 3600000 /* the run's ends it before */

static uint64_t step_start_tsc(void)
{
	return ((volatile struct result_area *)fw_result())->step.start_tsc;
}

static void step_set_up(void)
{
	struct measure outside =
		metric_add("outside", 0, METRIC_PER_OP | METRIC_NO_WINDOW, 0);
	struct measure inside;
	uint64_t begun;

	if (step_start_tsc() != 0)
		verdict_fail("a metric began a step");
	metric_done(&outside);
	step_begin(0, LIMIT_MS, 0);
	begun = step_start_tsc();
	inside = metric_add("inside", 0, METRIC_PER_OP | METRIC_NO_WINDOW, 0);
	if (step_start_tsc() <= begun)
		verdict_fail("the step goes on from before its metric");
	metric_done(&inside);
	step_end();
}

PAYLOAD("step-set-up", step_set_up,
	.summary = "makes metrics ready, in a step and outside",
	.limit_ms = 2000, .hists = 2);
