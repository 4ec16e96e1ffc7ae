/* SPDX-License-Identifier: BSD-2-Clause */
/* test_report_unit.c - tables where figures are instructions: no time in them.
 */
#include <stdio.h>
#include <string.h>

#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include "vmm/report/report.h"
#include "vmm/result/judge.h"
#include "vmm/result/take.h"
#include "vmm/run/live.h"

static struct made *made_of_insns(void)
{
	struct made *m = made_new();

	m->r->ticks = (struct ticks){.insns = true, .step = 5};
	return m;
}

/* No unit of time and none of frequency stands behind a figure. */
static void assert_no_time(const char *text)
{
	static const char *const units[] = {" ns", " us ",   " ms",   " s ",
					    "Hz",  "cycles", "second"};

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		/* What a microsecond of a parameter is has to be said. */
		const char *at = strstr(text, units[i]);

		if (at && strncmp(at, " us is", 6) != 0)
			fail_msg("did not want '%s' in '%s'", units[i], text);
	}
}

TEST(report_of_instructions_has_one_column_of_them)
{
	struct made *m = made_of_insns();
	const char *text;

	made_samples(made_metric(m, "wait", 2), 1000);
	text = made_text(m);
	assert_has(text, ", 1 us is\n      2000 instructions,");
	assert_has(text, "               instructions   of this run\n");
	assert_has(text, "  min                 2,000\n");
	assert_has(text, "  p50                11,979"
			 "   95 %:       11,360 ..       12,927\n");
	assert_has(text, "  tail estimate (not measured): an event in 10,000 "
			 "samples is above 21,998\n    instructions, 95 %: "
			 "above ");
	assert_no_time(text);
	made_free(m);
}

TEST(report_of_instructions_says_what_reading_the_clock_takes)
{
	struct made *m = made_of_insns();

	m->r->clock_read_tsc = 5;
	made_samples(made_metric(m, "wait", 2), 10);
	assert_has(made_text(m), "clock: reading it takes 5 instructions, "
				 "nothing is subtracted\n");
	assert_no_time(m->text);
	m->r->ticks.insns = false;
	assert_has(made_text(m), "clock: reading it takes 2 ns (5 cycles), "
				 "nothing is subtracted\n");
	made_free(m);
}

/* The TSC's drift against CLOCK_MONOTONIC is of a time. */
TEST(report_of_instructions_knows_no_drift)
{
	struct made *m = made_of_insns();

	made_metric(m, "lateness", 0)->flags = METRIC_SIGNED;
	m->r->duration_tsc = 2000000000;
	m->r->duration_ns = 1000100000;
	assert_lacks(made_text(m), "CLOCK_MONOTONIC");
	m->r->ticks.insns = false;
	assert_has(made_text(m), "CLOCK_MONOTONIC is 100 us a second");
	made_free(m);
}

TEST(report_of_many_metrics_of_instructions_has_no_cycles_beside_them)
{
	struct made *m = made_of_insns();
	struct result_metric *to = made_metric(m, "op", 0);
	const char *text;

	to->flags = METRIC_PER_OP | METRIC_OPS(10);
	made_samples(to, 101);
	text = made_text(m);
	assert_has(text, "\n                                instructions\n");
	assert_has(text, "         max  exits\n");
	assert_has(text, "op                            101      2,000      "
			 "3,000      3,800      3,980          -       4,000"
			 "      -\n");
	assert_has(text, "one operation                  of        p50        "
			 "p99\n");
	assert_has(text, "op                             10     300.00     "
			 "398.00\n");
	assert_no_time(text);
	made_free(m);
}

static void summary(const struct result *r, FILE *out)
{
	report_summary_head(&r->ticks, out);
	report_summary(r, "entry", out);
}

TEST(report_summary_has_its_unit_in_the_heading)
{
	struct made *m = made_of_insns();

	made_samples(made_metric(m, "wait", 0), 101);
	assert_has(made_written(m, summary),
		   "in instructions           samples        min ");
	assert_has(m->text, "entry                         101      2,000 ");
	m->r->ticks.insns = false;
	assert_has(made_written(m, summary),
		   "in ns                     samples        min ");
	assert_has(m->text, "entry                         101      1,000 ");
	made_free(m);
}

TEST(report_of_a_window_of_instructions_has_no_rates)
{
	struct made *m = made_of_insns();
	struct result_metric *to = made_metric(m, "gap", 0);
	const struct result_window *w = made_window(m);

	to->window = w;
	to->flags = METRIC_GAPS;
	made_samples(to, 101);
	assert_has(made_text(m), "  stolen: 303,000 of 4,000,000,000 "
				 "instructions (76 ppm)\n");
	assert_no_time(m->text);
	to->flags = 0;
	assert_has(made_text(m),
		   "  exits of vCPU 0: 19.80 each by KVM's count\n");
	assert_no_time(m->text);
	made_free(m);
}

TEST(report_of_gains_is_in_instructions)
{
	struct made *m = made_of_insns();
	struct result_metric *base = made_metric(m, "base", 0);
	struct result_metric *less = made_metric(m, "less", 0);
	struct result_metric *gain = made_metric(m, "gain_less", 0);

	made_samples(base, 101);
	for (unsigned int i = 0; i < 101; i++) {
		hist_record(less->hist, 1000, i + 1);
		hist_record(gain->hist, 2000, i + 1);
	}
	gain->flags = METRIC_PART;
	less->base = base;
	less->gain = gain;
	assert_has(made_text(m), "gain against base, p50 3,000 instructions\n");
	assert_has(m->text, " samples       p50      gain ");
	assert_has(m->text,
		   "  less                    101     1,000     2,000 ");
	assert_no_time(m->text);
	made_free(m);
}

TEST(report_of_a_device_is_in_instructions)
{
	struct made *m = made_of_insns();

	m->r->nr_devices = 1;
	m->r->devices[0] = (struct result_device){
		.name = "made",
		.nr = 2,
		.stats = {{"bursts", false, 1234}, {"burnt", true, 7000000}},
	};
	assert_has(made_text(m), "device made: bursts 1,234, burnt 7,000,000 "
				 "instructions\n");
	assert_no_time(m->text);
	m->r->ticks.insns = false;
	assert_has(made_text(m), ", burnt 3,500,000 ns\n");
	made_free(m);
}

TEST(report_of_a_break_is_in_instructions)
{
	struct made *m = made_of_insns();
	struct result_metric *to = made_metric(m, "wait", 0);
	struct vcpu vcpu = {.state = VCPU_BROKE};
	struct vm vm = {.nr_vcpus = 1, .vcpus = &vcpu, .nr_breaks = 1};

	made_samples(to, 10);
	m->r->break_tsc = 2170;
	take_break(m->r, &vm, false);
	assert_has(m->r->reason, "wait (vCPU 0): a sample of 2180 instructions "
				 "is above --break-at, 2170 instructions; it "
				 "ended at TSC 2");
	made_free(m);
}

TEST(report_of_a_threshold_is_in_the_unit_it_was_given_in)
{
	static const struct {
		const char *expr, *text;
	} cases[] = {
		{"max>2000instructions", "max is 2180 instructions"},
		{"max>2000cycles", "max is 2180 cycles"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct made *m = made_of_insns();
		char error[256];

		made_samples(made_metric(m, "wait", 0), 10);
		assert_null(threshold_parse(&m->r->thresholds[0], cases[i].expr,
					    error, sizeof(error)));
		m->r->nr_thresholds = 1;
		result_analyse(m->r);
		result_judge(m->r);
		result_judge_verdict(m->r);
		assert_has(made_text(m), cases[i].text);
		assert_has(m->text, "threshold broken");
		made_free(m);
	}
}
