/* SPDX-License-Identifier: BSD-2-Clause */
/* unnamed.c - a metric that the payload's notes do not name: ERROR. */
#include "guest-firmware/fw.h"

static void unnamed(void)
{
	struct measure m = metric_add("another", 0, METRIC_NO_WINDOW, 1);

	measure_record(&m, 1000, rdtsc());
	metric_done(&m);
}

METRICS(METRIC("named"));

PAYLOAD("unnamed", unnamed, .summary = "measures what it does not name",
	.limit_ms = 2000, .hists = 1);
