/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ablation.c - msg-rr and token-ring without each of their timer writes.
 * tick_us=1000000: no tick fires unless the host stops the run for a second.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/functional/results.h"

#define BASES	  ((int64_t)3)	 /* of the base, for each sample of an arm */
#define EACH	  ((int64_t)100) /* of an arm, with samples=500 */
#define RING_EACH ((int64_t)20)	 /* with samples=100 */

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

/* Half of the differences are below the gain, in its bucket, and half above. */
static void must_be_median(const struct run *r, const json_t *m,
			   int64_t samples)
{
	char name[64];
	json_t *gain;

	snprintf(name, sizeof(name), "gain_%s", get_text(m, "name"));
	gain = find_metric(r->json, name, 0);
	must(gain, "no %s", name);
	assert_int_equal(get_int(gain, "samples"), samples);
	assert_int_equal(
		get_cycles(json_object_get(gain, "percentiles"), "p50"),
		cycles_of(json_object_get(m, "gain")));
}

static void must_be_gain(const json_t *m, bool has_unit, int64_t rows)
{
	const json_t *gain = json_object_get(m, "gain");

	must(gain, "%s is compared with nothing", get_text(m, "name"));
	assert_string_equal(get_text(gain, "base"), "ablation_base");
	assert_int_equal(get_int(gain, "intervals"), rows);
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

static void must_have_row(const struct run *r, const char *name, int64_t rows,
			  int64_t samples)
{
	json_t *m = find_metric(r->json, name, 0);

	must(m, "no %s", name);
	assert_int_equal(get_int(m, "samples"), samples);
	assert_int_equal(json_array_size(get_array(m, "windows")), 0);
	must(strstr(r->proc.out, name), "no row of %s", name);
	must_be_gain(m, strcmp(name, "all_timer_writes") != 0, rows);
	must_be_median(r, m, samples);
}

static const json_t *gain_of(const struct run *r, const char *name)
{
	const json_t *m = find_metric(r->json, name, 0);

	must(m && json_object_get(m, "gain"), "no gain of %s", name);
	return json_object_get(m, "gain");
}

static int64_t p50_of(const struct run *r, const char *name)
{
	const json_t *m = find_metric(r->json, name, 0);

	must(m, "no %s", name);
	return get_cycles(json_object_get(m, "percentiles"), "p50");
}

/* The turns of what is timed and of the ablation are one window each. */
static void must_have_timed(const struct run *r, const char *name,
			    int64_t samples, int64_t timers)
{
	json_t *m = find_metric(r->json, name, 0);

	must(m, "no %s", name);
	assert_int_equal(get_int(m, "samples"), samples);
	assert_int_equal(guest_sum(m, "timers"), timers);
}

/*
 * The rounds of the ablation hold each variant once, the base three times; all
 * of them together have as many writes as are left.
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
	int64_t pv_eoi, messages;
	struct run r;
	json_t *m;

	need_cpus(2);
	run_now(&r, "msg-rr", "samples=500", "warmup=10", "tick_us=1000000");
	must_pass(&r);
	pv_eoi = find_metric(r.json, "pv_eoi", 0) != NULL;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		must_have_row(&r, rows[i], 9 + pv_eoi, EACH);
	m = find_metric(r.json, "ablation_base", 0);
	must(m, "no base");
	assert_null(json_object_get(m, "gain"));
	assert_int_equal(get_int(m, "samples"), EACH * BASES);
	assert_int_equal(guest_sum(m, "timers"),
			 EACH * (8 * BASES + 8 * 7 + 8 * pv_eoi));
	messages = EACH * (BASES + 9 + pv_eoi);
	assert_int_equal(guest_sum(m, "ipis"), messages * 2);
	must_have_halts(m, messages * 2);
	must_have_timed(&r, "rr", 500, 500 * 8);
	/* Of a message, which is hardly more than that. */
	must(cycles_of(gain_of(&r, "all_timer_writes")) > 0,
	     "without timer writes it takes longer");
	run_free(&r);
}

/* Within one in 200, which is the clock's step for two CPUs several times. */
static void must_be_alike(int64_t a, int64_t b, const char *what)
{
	must(llabs(a - b) * 200 <= b, "%s: %lld instead of %lld", what,
	     (long long)a, (long long)b);
}

/*
 * Where the clock counts instructions: what is timed and the ablation's base
 * are the same, and so is what each write on the way out of idle is worth.
 */
TEST(msg_rr_ablation_is_exact)
{
	static const char *const on_the_way[] = {
		"client_exit_cancel", "client_exit_start", "server_exit_cancel",
		"server_exit_start"};
	static const char *const beside_it[] = {
		"client_entry_cancel", "client_entry_start",
		"server_entry_cancel", "server_entry_start"};
	int64_t sum = 0, all, alone;
	struct run r;

	need_cpus(2);
	run_now(&r, "msg-rr", "samples=500", "tick_us=1000000");
	must_pass(&r);
	if (!is_insns(r.json)) {
		run_free(&r);
		skip();
	}
	must_be_alike(p50_of(&r, "rr"), p50_of(&r, "ablation_base"),
		      "rr against the base");
	for (size_t i = 0; i < 4; i++) {
		const json_t *gain = gain_of(&r, on_the_way[i]);

		assert_string_equal(get_text(gain, "judged"), "critical");
		alone = get_cycles(gain, "by_itself");
		must(llabs(cycles_of(gain) - alone) * 10 <= alone,
		     "%s gains %lld, and a write takes %lld", on_the_way[i],
		     (long long)cycles_of(gain), (long long)alone);
		sum += cycles_of(gain);
		assert_string_equal(
			get_text(gain_of(&r, beside_it[i]), "judged"), "no");
	}
	all = cycles_of(gain_of(&r, "all_timer_writes"));
	must(llabs(all - sum) * 50 <= all,
	     "the writes gain %lld, all of them %lld", (long long)sum,
	     (long long)all);
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
			 m ? 5 : 2); /* with what it gains */
	run_free(&r);
}

/* Each leaves its write out on all vCPUs. */
TEST(token_ring_ablation_leaves_out_each_write_once)
{
	static const char *const rows[] = {"entry_cancel", "entry_start",
					   "exit_cancel", "exit_start",
					   "all_timer_writes"};
	int64_t messages, pv_eoi;
	struct run r;
	json_t *m;

	need_cpus(2);
	run_now(&r, "token-ring", "samples=100", "warmup=10", "tick_us=1000000",
		"--vcpus", "3", "--allow-overcommit");
	must_pass(&r);
	pv_eoi = find_metric(r.json, "pv_eoi", 0) != NULL;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		must_have_row(&r, rows[i], 5 + pv_eoi, RING_EACH);
	m = find_metric(r.json, "ablation_base", 0);
	must(m, "no base");
	assert_int_equal(get_int(m, "samples"), RING_EACH * BASES);
	/* The base and pv_eoi have 4 each, all_timer_writes none. */
	assert_int_equal(guest_sum(m, "timers"),
			 RING_EACH * 3 * (4 * (BASES + pv_eoi) + 3 * 4));
	messages = RING_EACH * (BASES + 5 + pv_eoi);
	assert_int_equal(guest_sum(m, "ipis"), messages * 3);
	must_have_halts(m, messages * 3);
	must_have_timed(&r, "ring", 100, 100 * 4 * 3);
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
