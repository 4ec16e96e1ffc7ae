/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bad-base.c - metrics that are compared with what is not there, or with
 * themselves, or that claim to be counted: ERROR, or nothing.
 */
#include "guest-firmware/fw.h"

enum {
	BASE,
	SELF,
	EMPTY,
	COUNTED,
};

static void break_metric(uint64_t how, struct metric *m)
{
	switch (how) {
	case BASE:
		m->base = UINT32_MAX;
		break;
	case SELF:
		m->base = 1;
		m->unit = 1;
		break;
	case EMPTY: /* one that is there, without a histogram */
		m->base = 2;
		m->unit = 2;
		metric_skip("empty", "is not here");
		break;
	case COUNTED: /* without a window, by a payload that has none */
		m->flags = METRIC_COUNTED | METRIC_PART;
		break;
	}
}

static void bad_base(void)
{
	struct param_value p;
	struct measure m;

	params_load(&p, 1);
	m = metric_add("lies", 0, METRIC_NO_WINDOW, 1);
	measure_record(&m, 1000, rdtsc());
	metric_done(&m);
	break_metric(p.lo, m.metric);
}

PAYLOAD("bad-base", bad_base, .summary = "compares with what is not there",
	.limit_ms = 2000, .hists = 1,
	.params = {
		{.name = "case",
		 .choices = "base|self|empty|counted",
		 .kind = PARAM_ENUM},
	});
