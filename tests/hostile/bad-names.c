/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bad-names.c - metric names and reasons without an end and with characters
 * that a terminal obeys: they are cut and cleaned.
 */
#include "guest-firmware/fw.h"
#include "guest-firmware/string.h"

static void fill(char *to, size_t len)
{
	static const char evil[] = "\033[31mred\a\r\n\x9b\xff\"\\%n";

	for (size_t i = 0; i < len; i++)
		to[i] = evil[i % (sizeof(evil) - 1)];
}

static void bad_names(void)
{
	struct measure m = metric_add("x", 0, 0, 0);
	struct metric *skipped;

	measure_record(&m, 1000, rdtsc());
	metric_done(&m);
	fill(m.metric->name, sizeof(m.metric->name));
	metric_skip("y", "z");
	skipped = m.metric + 1;
	fill(skipped->name, sizeof(skipped->name));
	fill(skipped->reason, sizeof(skipped->reason));
	skipped->vcpu = UINT32_MAX;
	m.metric->vcpu = MAX_VCPUS;
	/* A status that is none, on a third one. */
	metric_skip("third", "");
	skipped[1].status = UINT32_MAX;
	verdict_fail("x");
	fill(fw_result()->reason, sizeof(fw_result()->reason));
}

PAYLOAD("bad-names", bad_names, .summary = "names that are none",
	.limit_ms = 2000, .hists = 1);
