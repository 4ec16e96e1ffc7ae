/* SPDX-License-Identifier: BSD-2-Clause */
/* test_break.c - --break-at ends a run at the first sample above it. */
#include <string.h>

#include "tests/functional/results.h"

static const json_t *must_break(const struct run *r, const char *metric,
				int64_t vcpu)
{
	json_t *b = json_object_get(r->json, "break");
	const json_t *m = find_metric(r->json, metric, vcpu);

	must_be_whole(r);
	must(r->proc.status == 1, "status %d: %s", r->proc.status, r->proc.out);
	must_be_result(r->json);
	must(b, "there is no break: %s", r->text);
	assert_string_equal(get_text(b, "metric"), metric);
	assert_int_equal(get_int(b, "vcpu"), vcpu);
	must(m, "there is no metric %s", metric);
	assert_string_equal(get_text(m, "status"), "open");
	assert_int_equal(get_cycles(b, "value"), get_cycles(m, "max"));
	must(get_cycles(b, "value") > get_cycles(r->json, "break_at"),
	     "it is not above the limit");
	assert_int_equal(
		get_int(b, "tsc"),
		get_int(json_array_get(get_array(m, "worst"), 0), "tsc"));
	/* A person gets the same. */
	must(strstr(r->proc.out, "above --break-at"), "%s", r->proc.out);
	must(strstr(r->proc.out, "not finished"), "%s", r->proc.out);
	return m;
}

/* The values of its first step are 1000 to 1004 cycles. */
TEST(break_at_ends_at_the_first_sample_above_it)
{
	const json_t *m;
	struct run r;

	run_now(&r, built("tests/hostile/step-hang.elf"), "--break-at",
		"1002cycles");
	m = must_break(&r, "before", 0);
	assert_int_equal(get_int(m, "samples"), 4);
	assert_int_equal(get_cycles(m, "max"), 1003);
	assert_int_equal(get_cycles(r.json, "break_at"), 1002);
	assert_int_equal(json_array_size(get_array(r.json, "metrics")), 1);
	assert_int_equal(json_array_size(get_array(m, "windows")), 0);
	assert_int_equal(json_array_size(get_array(r.json, "run")), 0);
	run_free(&r);
}

TEST(break_at_keeps_what_was_measured_before)
{
	const json_t *m;
	struct run r;

	run_now(&r, built("tests/hostile/step-hang.elf"), "--break-at",
		"1004cycles");
	m = must_break(&r, "hang", 0);
	assert_int_equal(get_int(m, "samples"), 1);
	assert_int_equal(get_cycles(m, "max"), 2000);
	m = find_metric(r.json, "before", 0);
	must(m, "the step before is lost");
	assert_string_equal(get_text(m, "status"), "done");
	assert_int_equal(get_int(m, "samples"), 5);
	assert_int_equal(json_array_size(get_array(m, "windows")), 1);
	assert_int_equal(get_int(r.json, "restarts"), 0);
	run_free(&r);
}

/* Every sample of a real operation is above 1 ns, those of the warm-up too. */
TEST(break_at_leaves_the_warm_up_alone)
{
	const json_t *m;
	struct run r;

	run_now(&r, "exit-cost", "samples=50", "warmup=20", "--break-at",
		"1ns");
	m = must_break(&r, "cpuid", 0);
	assert_int_equal(get_int(m, "samples"), 1);
	run_free(&r);
	need_cpus(2);
	run_now(&r, "ipi-wake", "samples=50", "warmup=10", "--break-at", "1ns");
	m = must_break(&r, "ipi_wake", 1);
	assert_int_equal(get_int(m, "samples"), 1);
	run_free(&r);
}

/* An early sample is none: the first late one ends it, on whichever vCPU. */
TEST(break_at_takes_late_samples_of_any_vcpu)
{
	const json_t *m, *b;
	struct run r;

	need_cpus(2);
	run_now(&r, "timer-jitter", "--vcpus", "2", "samples=500", "warmup=5",
		"--break-at", "1cycles");
	b = json_object_get(r.json, "break");
	m = must_break(&r, "lateness", b ? get_int(b, "vcpu") : -1);
	assert_int_equal(get_int(m, "samples") - get_int(m, "early"), 1);
	run_free(&r);
}

TEST(break_at_that_nothing_reaches_passes)
{
	struct run r;

	run_now(&r, "timer-jitter", "samples=50", "--break-at", "1000s");
	must_pass(&r);
	assert_null(json_object_get(r.json, "break"));
	assert_int_equal(
		get_cycles(r.json, "break_at"),
		get_int(json_object_get(r.json, "machine"), "tsc_khz") *
			1000000);
	run_free(&r);
	run_now(&r, "timer-jitter", "samples=50");
	must_pass(&r);
	assert_null(json_object_get(r.json, "break_at"));
	run_free(&r);
}

TEST(break_at_believes_no_guest_that_lies)
{
	static const struct {
		const char *how, *verdict;
	} cases[] = {
		{"case=below", "ERROR"},  {"case=metric", "ERROR"},
		{"case=range", "CRASH"},  {"case=highest", "CRASH"},
		{"case=huge", "ERROR"},	  {"case=timeless", "ERROR"},
		{"case=silent", "ERROR"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct run r;

		run_now(&r, built("tests/hostile/bad-break.elf"), cases[i].how,
			"--break-at", "1ms", "--limit", AMPLE_S);
		must_be_whole(&r);
		assert_string_equal(get_text(r.json, "verdict"),
				    cases[i].verdict);
		assert_null(json_object_get(r.json, "break"));
		run_free(&r);
	}
}
