/* SPDX-License-Identifier: BSD-2-Clause */
/* liar-done.c - passes with metrics that are not finished, or hold nothing. */
#include "guest-firmware/fw.h"

enum {
	NO_HIST,
	OPEN,
	NR_CASES
};

static void liar_done(void)
{
	struct param_value p;
	struct measure m;

	params_load(&p, 1);
	m = metric_add("lies", 0, 0, 1000);
	switch (p.lo) {
	case NO_HIST:
		metric_done(&m);
		m.metric->hist_gpa = 0;
		break;
	case OPEN:
		m.hist->bucket[5] = 3;
		m.hist->sum = 15;
		m.hist->min = 5;
		m.hist->max = 5;
		break;
	}
}

PAYLOAD("liar-done", liar_done, .summary = "passes without what it measured",
	.limit_ms = 2000, .hists = 1,
	.params = {
		{.name = "case", .choices = "no-hist|open", .kind = PARAM_ENUM},
	});
