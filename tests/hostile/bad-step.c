/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bad-step.c - limits of steps made up by the guest, while it hangs: whatever
 * they say, the limit of the run ends it.
 */
#include "guest-firmware/fw.h"

enum {
	ZERO,
	NEVER,
	FUTURE,
	INDEX,
	STUCK_AT_0,
	WILD_METRIC
};

static void make_up(uint64_t how, struct step *s)
{
	switch (how) {
	case ZERO:
		s->limit_tsc = 0;
		s->index = UINT64_MAX - 1;
		break;
	case NEVER:
		s->limit_tsc = s->first_tsc = UINT64_MAX;
		break;
	case FUTURE:
		s->start_tsc = rdtsc() + (1ull << 40);
		break;
	case INDEX: /* the next one is step 0 */
		s->limit_tsc = 0;
		s->index = UINT64_MAX;
		break;
	case STUCK_AT_0: /* as if it had never been started anew */
		s->limit_tsc = 0;
		s->index = 0;
		break;
	case WILD_METRIC:
		s->limit_tsc = UINT64_MAX;
		s->first_tsc = 1;
		fw_result()->nr_metrics = 1;
		fw_result()->metrics[0].name[0] = 'x';
		fw_result()->metrics[0].hist_gpa = UINT64_MAX - 7;
		break;
	}
}

static void bad_step(void)
{
	struct param_value p;

	params_load(&p, 1);
	if (fw_boot->resume_step > 1 && p.lo != STUCK_AT_0)
		return;
	fw_result()->step.start_tsc = rdtsc();
	make_up(p.lo, &fw_result()->step);
	for (;;)
		cpu_relax();
}

PAYLOAD("bad-step", bad_step, .summary = "makes up limits and hangs",
	.limit_ms = 2000,
	.params = {
		{.name = "case",
		 .choices = "zero|never|future|index|stuck|metric",
		 .kind = PARAM_ENUM},
	});
