/* SPDX-License-Identifier: BSD-2-Clause */
/* test_report_explain.c - --explain's tables fit a terminal of 79 columns. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/report/text.h"

#define LONG_NAME                                                       \
	"exit+icr+ipi+kick+wakeup+schedule+unblock+entry+handler+back-" \
	"exit+back-icr+back-ipi"

/* A way of two stages, both of them as long as that; a tick is 1 ns. */
static char *stages(uint64_t tsc, bool insns)
{
	const struct explain_spread s = {.min = tsc / 2,
					 .p50 = tsc,
					 .p90 = tsc,
					 .p99 = tsc,
					 .max = tsc,
					 .sum = 10 * tsc};
	struct explain_class c = {.path = PATH_SLEPT,
				  .nr = 10,
				  .nr_stages = 2,
				  .stages = {{.name = "exit", .spread = s},
					     {.name = LONG_NAME, .spread = s}},
				  .whole = s};
	struct result *r = calloc(1, sizeof(*r));
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(r);
	assert_non_null(out);
	r->machine.tsc_khz = 1000000;
	r->ticks = (struct ticks){.insns = insns, .step = 1};
	c.whole.sum = 20 * tsc;
	report_stages(r, &c, out);
	fclose(out);
	free(r);
	return text;
}

static void assert_fits(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (len > 79)
			fail_msg("%zu columns: %.*s", len, (int)len, text);
		text += len + (text[len] == '\n');
	}
}

static void assert_stages(uint64_t tsc, bool insns, const char *head,
			  const char *cells)
{
	char *text = stages(tsc, insns);

	assert_has(text, head);
	assert_has(text, cells);
	assert_fits(text);
	free(text);
}

TEST(report_of_stages_has_a_unit_that_fits)
{
	static const char head[] = "    stage, in %s                  min ";
	char ns[64], us[64], ms[64];

	snprintf(ns, sizeof(ns), head, "ns");
	snprintf(us, sizeof(us), head, "us");
	snprintf(ms, sizeof(ms), head, "ms");
	assert_stages(999999, false, ns, "  999,999   999,999  50\n");
	assert_stages(1000000, false, us, "   1,000.0   1,000.0  50\n");
	assert_stages(7579671, false, us, " 3,789.8  7,579.7  7,579.7   7,");
	assert_stages(99999949, false, us, "  99,999.9  99,999.9  50\n");
	assert_stages(100000000, false, ms, "     100.0     100.0  50\n");
	assert_stages(60000000000, false, ms, " 30,000.0 60,000.0 60,000.0 ");
}

TEST(report_of_stages_has_no_unit_of_time_in_instructions)
{
	assert_stages(5000, true, "    stage                  ",
		      " 5,000  50\n");
	assert_stages(5000000, true, "    stage, in thousands   ",
		      "   5,000.0   5,000.0  50\n");
	assert_stages(500000000, true, "    stage, in millions   ",
		      "     500.0     500.0  50\n");
}

TEST(report_of_a_long_stage_has_lines_of_its_own)
{
	char *text = stages(1000, false);

	assert_has(text,
		   "\n    exit+icr+ipi+kick+wakeup+schedule+unblock+entry+"
		   "handler+back-exit+back-icr+\n    back-ipi\n"
		   "                                  500    ");
	free(text);
}
