/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_cache_cold.c - cache-cold: vCPU 0 is halted before each sample that says
 * so, vCPU 1 answers each time, and streams when it is asked to.  That the lap
 * before each sample had all lines is checked by the payload: PASS says so.
 */
#include "tests/functional/results.h"

#define SAMPLES 40

/* halts of vCPU 0's, each ended by vCPU 1's interrupt. */
static void must_be_first(const struct run *r, const char *name, int64_t halts)
{
	json_t *m = find_metric(r->json, name, 0), *w, *guest;

	must(m, "there is no metric %s", name);
	assert_string_equal(get_text(m, "status"), "done");
	assert_int_equal(get_int(m, "samples"), SAMPLES);
	assert_int_equal(get_int(m, "operations"), 64);
	w = find_window(m, 0);
	must(w, "%s has no window", name);
	assert_int_equal(get_int(w, "exits_to_userspace"), 0);
	assert_int_equal(get_int(w, "minor_faults"), 0);
	guest = json_object_get(w, "guest");
	assert_int_equal(get_int(guest, "halts"), halts);
	assert_int_equal(get_int(guest, "interrupts"), halts);
	assert_int_equal(get_int(guest, "ipis"), halts);
}

TEST(cache_cold_is_idle_before_each_sample_that_says_so)
{
	json_t *m, *guest;
	struct run r;

	need_cpus(2);
	run_now(&r, "cache-cold", "samples=40", "set=16k", "idle_us=100",
		"pollute_kib=64");
	must_pass(&r);
	must_be_first(&r, "first_warm", 0);
	must_be_first(&r, "first_idle", SAMPLES);
	must_be_first(&r, "first_cold", SAMPLES);
	m = find_metric(r.json, "streamed", 1);
	must(m && get_int(m, "samples") >= SAMPLES, "nobody streamed");
	/* It answers both kinds; the last IPI is the end. */
	guest = json_object_get(find_window(m, 1), "guest");
	assert_int_equal(get_int(guest, "ipis"), 2 * SAMPLES);
	assert_int_equal(get_int(guest, "interrupts"), 2 * SAMPLES + 1);
	run_free(&r);
}

/* Who waits is halted, so that one CPU is enough for both. */
TEST(cache_cold_runs_on_one_cpu)
{
	struct run r;

	run_now(&r, "cache-cold", "samples=40", "set=16k", "idle_us=100",
		"pollute_kib=64", "--cpus", "0,0", "--allow-overcommit");
	must_pass(&r);
	must_be_first(&r, "first_cold", SAMPLES);
	run_free(&r);
}

TEST(cache_cold_has_its_largest_working_set)
{
	struct run r;

	need_cpus(2);
	run_now(&r, "cache-cold", "samples=1", "set=8m", "idle_us=10",
		"pollute_kib=4");
	must_pass(&r);
	run_free(&r);
}
