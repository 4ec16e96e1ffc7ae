/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ablation.c - msg-rr and token-ring without each of their timer writes.
 * tick_us=1000000: no tick fires unless the host stops the run for a second.
 */
#include <string.h>

#include "tests/functional/results.h"

#define COUNTED ((int64_t)20) /* of each arm, with samples=100 */

static int64_t guest_sum(const json_t *metric, const char *what)
{
	json_t *w;
	int64_t sum = 0;
	size_t i;

	json_array_foreach (get_array(metric, "windows"), i, w)
		sum += get_int(json_object_get(w, "guest"), what);
	return sum;
}

static void must_have_halts(const json_t *metric, int64_t wanted)
{
	int64_t halts = guest_sum(metric, "halts"), late = 0;
	json_t *w;
	size_t i;

	json_array_foreach (get_array(metric, "windows"), i, w)
		late += late_timers(w);
	must(halts >= wanted && halts <= wanted + late,
	     "%d halts for %d, with %d s of windows", (int)halts, (int)wanted,
	     (int)late);
}

static void must_be_gain(const json_t *m, bool has_unit)
{
	const json_t *gain = json_object_get(m, "gain");

	must(gain, "%s is compared with nothing", get_text(m, "name"));
	assert_string_equal(get_text(gain, "base"), "ablation_base");
	must(get_cycles(gain, "low") <= cycles_of(gain) &&
		     cycles_of(gain) <= get_cycles(gain, "high"),
	     "%s: the interval does not hold the gain", get_text(m, "name"));
	if (has_unit)
		must(get_cycles(gain, "by_itself") > 0,
		     "a write costs nothing");
	else
		assert_null(json_object_get(gain, "by_itself"));
	must(strstr("critical no unclear worse", get_text(gain, "judged")),
	     "judged %s", get_text(gain, "judged"));
}

static void must_have_row(const struct run *r, const char *name)
{
	json_t *m = find_metric(r->json, name, 0);

	must(m, "no %s", name);
	assert_int_equal(get_int(m, "samples"), COUNTED);
	assert_int_equal(json_array_size(get_array(m, "windows")), 0);
	must(strstr(r->proc.out, name), "no row of %s", name);
	must_be_gain(m, strcmp(name, "all_timer_writes") != 0);
}

/*
 * The rounds of the ablation hold each variant once; all of them together have
 * as many writes as are left.
 */
TEST(msg_rr_ablation_leaves_out_each_write_once)
{
	static const char *const rows[] = {
		"client_entry_cancel", "client_entry_start",
		"client_exit_cancel",  "client_exit_start",
		"server_entry_cancel", "server_entry_start",
		"server_exit_cancel",  "server_exit_start",
		"all_timer_writes",
	};
	int64_t pv_eoi;
	struct run r;
	json_t *m;

	need_cpus(2);
	run_now(&r, "msg-rr", "samples=100", "warmup=10", "tick_us=1000000");
	must_pass(&r);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		must_have_row(&r, rows[i]);
	pv_eoi = find_metric(r.json, "pv_eoi", 0) != NULL;
	m = find_metric(r.json, "ablation_base", 0);
	must(m, "no base");
	assert_null(json_object_get(m, "gain"));
	assert_int_equal(guest_sum(m, "timers"),
			 COUNTED * (8 + 8 * 7 + 8 * pv_eoi));
	assert_int_equal(guest_sum(m, "ipis"), COUNTED * 2 * (10 + pv_eoi));
	must_have_halts(m, COUNTED * 2 * (10 + pv_eoi));
	run_free(&r);
}

TEST(msg_rr_ablation_has_only_what_is_written)
{
	struct run r;
	json_t *m;

	need_cpus(2);
	run_now(&r, "msg-rr", "samples=20", "warmup=10", "tick=merged");
	must_pass(&r);
	must(find_metric(r.json, "client_exit_start", 0), "no write to leave");
	assert_null(find_metric(r.json, "client_exit_cancel", 0));
	run_free(&r);
	run_now(&r, "msg-rr", "samples=20", "warmup=10", "tick=none");
	must_pass(&r);
	m = find_metric(r.json, "pv_eoi", 0);
	assert_int_equal(json_array_size(get_array(r.json, "metrics")),
			 m ? 4 : 2);
	run_free(&r);
}

/* Each leaves its write out on all vCPUs. */
TEST(token_ring_ablation_leaves_out_each_write_once)
{
	static const char *const rows[] = {"entry_cancel", "entry_start",
					   "exit_cancel", "exit_start",
					   "all_timer_writes"};
	int64_t arms, pv_eoi;
	struct run r;
	json_t *m;

	need_cpus(2);
	run_now(&r, "token-ring", "samples=100", "warmup=10", "tick_us=1000000",
		"--vcpus", "3", "--allow-overcommit");
	must_pass(&r);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		must_have_row(&r, rows[i]);
	pv_eoi = find_metric(r.json, "pv_eoi", 0) != NULL;
	arms = 6 + pv_eoi;
	m = find_metric(r.json, "ablation_base", 0);
	must(m, "no base");
	assert_int_equal(get_int(m, "samples"), COUNTED);
	/* The base and pv_eoi have 4 each, all_timer_writes none. */
	assert_int_equal(guest_sum(m, "timers"),
			 COUNTED * 3 * (4 * (1 + pv_eoi) + 3 * 4));
	assert_int_equal(guest_sum(m, "ipis"), COUNTED * 3 * arms);
	must_have_halts(m, COUNTED * 3 * arms);
	run_free(&r);
}

/* The ablation's cost of a write is measured first, and ends no run. */
TEST(msg_rr_breaks_at_no_sample_that_is_only_counted)
{
	struct run r;
	json_t *m;

	need_cpus(2);
	run_now(&r, "msg-rr", "samples=20", "warmup=10", "--break-at", "1ns");
	must_be_whole(&r);
	assert_int_equal(r.proc.status, 1);
	m = find_metric(r.json, "rr", 0);
	must(m && get_int(m, "samples") == 1, "it did not end at the first");
	run_free(&r);
}
