/* SPDX-License-Identifier: BSD-2-Clause */
/* test_score.c - what of a run stands beside what was published. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/report/score.h"
#include "vmm/result/merge.h"

/* One metric in runs of several names; a cycle is half a nanosecond. */
struct made {
	struct result *r;
	struct score score;
	struct ticks ticks;
	bool single; /* a run that is no round */
	char *text;
};

static struct hist *hist_new(void)
{
	struct hist *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	hist_init(h);
	return h;
}

static struct made *made_new(const char *metric)
{
	struct made *m = calloc(1, sizeof(*m));

	assert_non_null(m);
	m->r = result_new();
	result_make_vcpus(m->r, 1);
	m->r->machine.tsc_khz = 2000000;
	strcpy(m->r->host.kvm_module, "kvm_intel");
	m->r->nr_metrics = 1;
	m->r->metrics[0] = (struct result_metric){
		.status = METRIC_DONE,
		.hist = hist_new(),
	};
	snprintf(m->r->metrics[0].name, sizeof(m->r->metrics[0].name), "%s",
		 metric);
	return m;
}

/* As if rounds differed by as much as the samples alone leave open. */
static void in_rounds(struct result_metric *m)
{
	struct median median = median_of(m);

	m->analysis.rounds = 5;
	m->analysis.quantile[0] = (struct analysis_quantile){
		.has_low = true,
		.has_high = true,
		.low = (int64_t)median.low,
		.high = (int64_t)median.high,
	};
}

/* nr samples, the k-th of first + k * step cycles, in a run of that name. */
static void take(struct made *m, const char *run, unsigned int nr,
		 uint64_t first, uint64_t step)
{
	struct hist *h = m->r->metrics[0].hist;

	memset(h, 0, sizeof(*h));
	hist_init(h);
	for (unsigned int i = 0; i < nr; i++)
		hist_record(h, first + i * step, i + 1);
	if (!m->single)
		in_rounds(&m->r->metrics[0]);
	score_take(&m->score, run, m->r);
}

static const char *text(struct made *m)
{
	size_t len = 0;
	FILE *out;

	free(m->text);
	out = open_memstream(&m->text, &len);
	assert_non_null(out);
	score_print(&m->score, &m->ticks, out);
	fclose(out);
	return m->text;
}

static void made_free(struct made *m)
{
	result_free(m->r);
	free(m->text);
	free(m);
}

#define VALUE_END 53 /* column behind it; the interval's begins at 55 */

static void assert_between(struct made *m, const char *what, const char *value)
{
	const char *line = strstr(text(m), what);
	char cell[40];

	if (!line)
		fail_msg("no line '%s' in '%s'", what, m->text);
	snprintf(cell, sizeof(cell), "%-20s  ", value);
	if (memcmp(line + VALUE_END + 2, cell, strlen(cell)) != 0)
		fail_msg("wanted %s in '%.90s'", value, line);
}

static void assert_line(struct made *m, const char *what, const char *value)
{
	const char *line = strstr(text(m), what);
	char end[40];

	if (!line)
		fail_msg("no line '%s' in '%s'", what, m->text);
	snprintf(end, sizeof(end), " %s  ", value);
	if (memcmp(line + VALUE_END - strlen(value) - 1, end, strlen(end)) != 0)
		fail_msg("wanted %s in '%.60s'", value, line);
}

TEST(score_has_the_statistic_that_was_published)
{
	struct made *m = made_new("lateness");

	take(m, "timer-deadline-hlt", 1001, 0, 20);
	assert_line(m, "timer's handler, least lateness", "0.00 us");
	assert_line(m, "timer's handler, mean lateness", "5.00 us");
	assert_line(m, "timer's handler, 99.9 % of the samples", "9.99 us");
	assert_line(m, "timer's handler, greatest lateness", "10.0 us");
	/* What other runs would have told. */
	assert_line(m, "request and answer, 2 vCPUs", "-");
	made_free(m);
}

TEST(score_without_enough_samples_leaves_a_percentile_out)
{
	struct made *m = made_new("lateness");

	take(m, "timer-deadline-hlt", 999, 0, 20);
	assert_line(m, "timer's handler, 99.9 % of the samples", "-");
	assert_line(m, "timer's handler, greatest lateness", "9.98 us");
	made_free(m);
}

TEST(score_of_a_difference_takes_both_runs)
{
	struct made *m = made_new("ipi_wake");

	take(m, "ipi-wake-halt-poll", 101, 8000, 0);
	assert_line(m, "what the guest's own polling saves", "-");
	assert_between(m, "what the guest's own polling saves", "");
	take(m, "ipi-wake-guest-poll", 101, 2000, 0);
	assert_line(m, "what the guest's own polling saves", "3.00 us");

	assert_between(m, "what the guest's own polling saves", "3.00 .. 3.00");
	made_free(m);
}

/* Ranks 41 and 61 of 101, by the binomial distribution; 20 cycles are 10 ns. */
TEST(score_of_a_difference_has_the_interval_of_both)
{
	struct made *m = made_new("ipi_wake");

	take(m, "ipi-wake-halt-poll", 101, 0, 20);
	assert_line(m, "the same by x2APIC, KVM polls instead", "0.50 us");
	assert_between(m, "the same by x2APIC, KVM polls instead",
		       "0.40 .. 0.60");
	take(m, "ipi-wake-guest-poll", 101, 0, 20);
	assert_line(m, "what the guest's own polling saves", "0.00 us");
	/* The root of 2 times as wide as that of one. */
	assert_between(m, "what the guest's own polling saves",
		       "-0.14 .. 0.14");
	made_free(m);
}

/* What is between two runs is in no single one. */
TEST(score_without_rounds_has_no_interval)
{
	struct made *m = made_new("ipi_wake");

	m->single = true;
	take(m, "ipi-wake-halt-poll", 101, 500, 20);
	take(m, "ipi-wake-guest-poll", 101, 400, 20);
	take(m, "ipi-wake-hlt", 101, 1000, 20);
	assert_line(m, "the same by x2APIC, KVM polls instead", "0.75 us");
	assert_between(m, "the same by x2APIC, KVM polls instead", "");
	assert_line(m, "what the guest's own polling saves", "0.05 us");
	assert_between(m, "what the guest's own polling saves", "");
	assert_line(m, "IPI: halted by polled", "1.33");
	assert_between(m, "IPI: halted by polled", "");
	assert_has(m->text,
		   "\n95 %: not known of this host, which takes 5 rounds.\n");
	/* Of one run that had them it is said. */
	m->single = false;
	take(m, "ipi-wake-hlt", 101, 1000, 20);
	assert_has(text(m), " 95 % of this host  ");
	assert_has(m->text, "\n95 %: of this host, 5 rounds.\n");
	made_free(m);
}

TEST(score_of_a_ratio_divides_and_has_its_interval)
{
	struct made *m = made_new("ipi_wake");

	take(m, "ipi-wake-hlt", 101, 1000, 20);
	assert_line(m, "IPI: halted by polled", "-");
	take(m, "ipi-wake-halt-poll", 101, 500, 10);
	assert_line(m, "IPI: halted by polled", "2.00");
	/* 2 times e to -0.142 and 0.142: the root of ln(2000 / 1800) squared
	 * and ln(1100 / 1000) squared, of both medians' ranks 41 and 61. */
	assert_between(m, "IPI: halted by polled", "1.74 .. 2.31");
	/* A median of nothing has no ratio. */
	take(m, "ipi-wake-halt-poll", 101, 0, 0);
	assert_line(m, "IPI: halted by polled", "-");
	made_free(m);
}

TEST(score_leaves_medians_of_few_samples_out)
{
	struct made *m = made_new("gap");

	take(m, "noise", SCORE_LEAST - 1, 2000, 20);
	assert_line(m, "gap in a vCPU's own time, median", "-");
	assert_line(m, "greatest gap", "1.98 us");
	take(m, "noise", SCORE_LEAST, 2000, 20);
	assert_line(m, "gap in a vCPU's own time, median", "1.49 us");
	made_free(m);
}

TEST(score_is_of_one_operation)
{
	struct made *m = made_new("alone_8m");

	m->r->metrics[0].flags = METRIC_OPS(100);
	take(m, "cache", 101, 12000, 0);
	assert_line(m, "a load from 8 MiB in random order", "0.06 us");
	made_free(m);
}

TEST(score_of_several_vcpus_is_of_all_of_them)
{
	struct made *m = made_new("lateness");
	struct hist *worse = hist_new();

	hist_record(worse, 2000000, 1);
	m->r->metrics[1] = m->r->metrics[0];
	m->r->metrics[1].vcpu = 1;
	m->r->metrics[1].hist = worse;
	m->r->nr_metrics = 2;
	hist_record(m->r->metrics[0].hist, 2000, 1);
	result_merge(m->r);
	score_take(&m->score, "timer-deadline-hlt", m->r);
	assert_line(m, "timer's handler, greatest lateness", "1000.0 us");
	made_free(m);
}

static void assert_no(struct made *m, const char *part)
{
	if (strstr(text(m), part))
		fail_msg("did not want '%s' in '%s'", part, m->text);
}

/* No line of a time is there, measured or published, the others are. */
static void assert_no_times(struct made *m, const char *why)
{
	assert_has(text(m), why);
	assert_no(m, "least lateness");
	assert_no(m, "its worst");
	assert_no(m, "12 h of");
	assert_no(m, "two figures");
	assert_no(m, "KVM_RUN round trip");
	assert_line(m, "IPI: halted by polled", "2.00");
	/* A claim goes where the line above it goes. */
	assert_has(m->text, "always polling: 4.6 to 14 %");
	assert_no(m, "IPI virtualization: -16 %");
	assert_line(m, "a request's exits, 2 vCPUs", "-");
}

TEST(score_of_unlike_hosts_has_counts_and_ratios_only)
{
	struct made *m = made_new("ipi_wake");

	take(m, "ipi-wake-hlt", 101, 1000, 20);
	take(m, "ipi-wake-halt-poll", 101, 500, 10);
	assert_has(text(m), "least lateness");
	assert_has(text(m), "12 h of cyclictest");
	assert_has(text(m), "two figures");
	assert_has(text(m), "compare shapes, counts and ratios");
	assert_no(m, "left out");
	m->ticks = (struct ticks){.insns = true, .step = 1};
	assert_no_times(m, "published, its clock counts instructions.\n");
	m->ticks = (struct ticks){.insns = false};
	strcpy(m->r->host.kvm_module, "kvm_pvm");
	score_take(&m->score, "hello", m->r);
	assert_no_times(m, "its KVM (kvm_pvm) is neither kvm_intel nor ");
	strcpy(m->r->host.kvm_module, "kvm_amd");
	strcpy(m->r->host.hypervisor, "KVMKVMKVM");
	score_take(&m->score, "hello", m->r);
	assert_no_times(m, "published, it is a guest itself (KVMKVMKVM).\n");
	m->r->host.hypervisor[0] = '\0';
	score_take(&m->score, "hello", m->r);
	assert_has(text(m), "least lateness");
	made_free(m);
}

/* Claims stand below a line and have nothing measured beside them. */
TEST(score_has_the_figures_that_were_published_since)
{
	static const char *const claims[] = {
		"APIC-timer virtualization: cyclictest -21 %",
		"APIC-timer virtualization: timer, HLT -49 %",
		"APIC-timer virtualization: timer, HLT -24 %",
		"APIC-timer virtualization: min -63, avg -61 %",
		"fast path: cyclictest 5,540 to 4,602 ns",
		"one that is to come: 5,766; 5,285",
		"1,600; 1,000 by timer advance (Haswell)",
		"fast path of the ICR: -200 cycles (Skylake)",
		"idle, 250 Hz: 1.1 % of a CPU, dynamic 1.2 %",
		"always polling: 4.6 to 14 %",
		"interrupts: 42,916 exits of 0.7 us",
		"timers posted by other CPUs: 6,871",
		"cyclictest, a desktop: about 4 us",
		"cyclictest, a desktop: about 100 to 120 us",
	};
	struct made *m = made_new("rr");

	text(m);
	for (size_t i = 0; i < sizeof(claims) / sizeof(*claims); i++) {
		const char *at = strstr(m->text, claims[i]);

		if (!at)
			fail_msg("no '%s' in '%s'", claims[i], m->text);
		for (int k = 1; k <= 77; k++)
			assert_int_equal(at[-k], ' ');
		assert_int_equal(at[-78], '\n');
		/* The column of who says so. */
		assert_int_not_equal(at[50], ' ');
		assert_int_equal(at[49], ' ');
	}
	assert_line(m, "deadline that is past, to its end, cycles", "-");
	assert_has(m->text, "3,028; 2,495 by the fast path (Skylake-X)");
	made_free(m);
}

/* tscdeadline_immed has a CPUID in it, which the published test had not. */
TEST(score_has_no_operation_beside_another_one)
{
	static const char *const same[] = {"cpuid", "outl_to_vmm"};
	struct made *m = made_new("tscdeadline_immed");

	take(m, "exit-cost", 1000, 6000, 1);
	assert_line(m, "deadline that is past, to its end, cycles", "-");
	made_free(m);
	for (size_t i = 0; i < score_nr_references; i++) {
		const struct score_reference *ref = &score_references[i];
		bool found = !ref->run || strcmp(ref->run, "exit-cost") != 0;

		for (size_t k = 0; k < sizeof(same) / sizeof(*same); k++)
			found = found || strcmp(ref->metric, same[k]) == 0;
		if (!found)
			fail_msg("'%s' is beside %s", ref->metric,
				 ref->published);
	}
}
