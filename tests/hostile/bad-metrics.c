/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bad-metrics.c - metrics with broken addresses and numbers: the host checks
 * all of them and says ERROR.
 */
#include "guest-firmware/fw.h"

enum {
	TOO_MANY,
	OUTSIDE,
	EDGE,
	UNALIGNED,
	WRAP,
	MMIO,
	EARLY,
	FEWER,
};

static void break_metric(uint64_t how, struct metric *m)
{
	switch (how) {
	case TOO_MANY:
		fw_result()->nr_metrics = UINT32_MAX;
		break;
	case OUTSIDE:
		m->hist_gpa = LAYOUT_RAM_MAX - 64;
		break;
	case EDGE: /* its last eight bytes are outside */
		m->hist_gpa = fw_boot->heap + fw_boot->heap_len + 4096 -
			      sizeof(struct hist) + 8;
		m->hist_gpa &= ~7ull;
		break;
	case UNALIGNED:
		m->hist_gpa += 1;
		break;
	case WRAP:
		m->hist_gpa = UINT64_MAX - 7;
		break;
	case MMIO:
		m->hist_gpa = MMIO_DOORBELL;
		break;
	case EARLY:
		m->early_gpa = 8;
		break;
	case FEWER:
		m->asked = 1000;
		break;
	}
}

static void bad_metrics(void)
{
	struct param_value p;
	struct measure m;

	params_load(&p, 1);
	m = metric_add("lies", 0, p.lo == EARLY ? METRIC_SIGNED : 0, 0);
	measure_record(&m, 1000, rdtsc());
	metric_done(&m);
	break_metric(p.lo, m.metric);
}

PAYLOAD("bad-metrics", bad_metrics, .summary = "broken metrics",
	.limit_ms = 2000, .hists = 2,
	.params = {
		{.name = "case",
		 .choices = "many|outside|edge|unaligned|wrap|mmio|early|fewer",
		 .kind = PARAM_ENUM},
	});
