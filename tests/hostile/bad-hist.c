/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bad-hist.c - histograms that contradict themselves: no percentile of them
 * can be right, so the run is an ERROR.
 */
#include "guest-firmware/fw.h"

enum {
	COUNT,
	BUCKET,
	WRAP,
	MIN_MAX,
	HUGE,
	OPEN,
	MISSED,
	TIME
};

static void break_hist(uint64_t how, struct hist *h)
{
	switch (how) {
	case COUNT:
		h->count += 7;
		break;
	case BUCKET:
		h->bucket[HIST_NR_BUCKETS - 1]++;
		break;
	case WRAP: /* the sum of the buckets is right, modulo 2^64 */
		h->bucket[1] = UINT64_MAX;
		h->bucket[2] += 1;
		break;
	case MIN_MAX:
		h->min = 5000;
		h->max = 50;
		break;
	case HUGE: /* minus one as a signed number */
		h->max = UINT64_MAX;
		h->worst[0].value = UINT64_MAX;
		h->worst[0].tsc = UINT64_MAX;
		break;
	case OPEN: /* with its two samples it has none, modulo 2^64 */
		h->out_of_range = UINT64_MAX - 1;
		break;
	case TIME:
		h->worst[0].tsc = UINT64_MAX - 4;
		break;
	}
}

static void bad_hist(void)
{
	struct param_value p;
	struct measure m;

	params_load(&p, 1);
	m = metric_add("lies", 0, 0, 0);
	measure_record(&m, 1000, rdtsc());
	measure_record(&m, 2000, rdtsc());
	if (p.lo != OPEN)
		metric_done(&m);
	if (p.lo == MISSED)
		m.metric->missed = UINT64_MAX - 4;
	break_hist(p.lo, m.hist);
}

PAYLOAD("bad-hist", bad_hist, .summary = "histograms that do not add up",
	.limit_ms = 2000, .hists = 1,
	.params = {
		{.name = "case",
		 .choices = "count|bucket|wrap|min-max|huge|open|missed|time",
		 .kind = PARAM_ENUM},
	});
