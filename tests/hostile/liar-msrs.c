/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * liar-msrs.c - wrong counts of writes that KVM counts too are an ERROR; what
 * a guest does with windows that count is no harm.
 */
#include "guest-firmware/fw.h"

enum {
	MORE,
	OPEN,
	MANY,
};

static void write_timer(uint64_t times)
{
	for (uint64_t i = 0; i < times; i++)
		lapic_timer_count(UINT32_MAX);
	me()->counts.timers += times;
}

static void liar_msrs(void)
{
	struct param_value p;
	struct measure m;

	params_load(&p, 1);
	for (int i = 0; i < (p.lo == MANY ? 60 : 1); i++) {
		m = metric_add("lies", 0, METRIC_COUNTED, 1);
		window_begin(&m);
		write_timer(3);
		measure_record(&m, 1000, rdtsc());
		/* A window that is another metric's when it ends. */
		if (p.lo == MANY && i % 2)
			m.metric->flags = 0;
		me()->counts.timers += p.lo == MORE;
		if (p.lo != OPEN)
			window_end(&m);
		metric_done(&m);
	}
}

PAYLOAD("liar-msrs", liar_msrs, .summary = "counts more writes than it does",
	.flags = PAYLOAD_NEEDS_LAPIC | PAYLOAD_COUNTS_MSRS, .limit_ms = 5000,
	.hists = 60,
	.params = {
		{.name = "case",
		 .choices = "more|open|many",
		 .kind = PARAM_ENUM},
	});
