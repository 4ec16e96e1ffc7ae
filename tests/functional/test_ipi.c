/* SPDX-License-Identifier: BSD-2-Clause */
/* test_ipi.c - ipi-wake and exit-cost's IPIs: every target really halted. */
#include <string.h>

#include "tests/functional/results.h"

#define SAMPLES 200

TEST(ipi_wake_with_one_vcpu_is_refused)
{
	struct run r;

	run_now(&r, "ipi-wake", "--vcpus", "1");
	assert_int_equal(r.proc.status, 2);
	must(strstr(r.proc.err, "ipi-wake takes 2 vCPUs, got 1"), "%s",
	     r.proc.err);
	assert_null(r.text);
	run_free(&r);
}

TEST(ipi_wake_wakes_a_halted_vcpu_once_a_sample)
{
	json_t *m, *sender, *target, *guest;
	struct run r;

	need_cpus(2);
	run_now(&r, "ipi-wake", "samples=200", "warmup=20", "gap_us=60..120");
	must_pass(&r);
	m = find_metric(r.json, "ipi_wake", 1);
	must(m, "there is no metric of vCPU 1");
	assert_int_equal(get_int(m, "samples"), SAMPLES);
	must(get_cycles(m, "min") > 0, "it came before it was sent");
	sender = find_window(m, 0);
	target = find_window(m, 1);
	must(sender && target, "both vCPUs have a window");
	/*
	 * What asks whether the target sleeps, before the gap; and how the last
	 * one was woken.
	 */
	assert_int_equal(get_int(sender, "exits_to_userspace"), SAMPLES + 1);
	assert_int_equal(get_int(sender, "exits_beside_samples"), SAMPLES + 1);
	assert_int_equal(get_int(target, "exits_to_userspace"), 0);
	guest = json_object_get(target, "guest");
	assert_int_equal(get_int(guest, "halts"), SAMPLES);
	assert_int_equal(get_int(guest, "interrupts"), SAMPLES);
	assert_int_equal(kvm_count(target, "halt_exits"), SAMPLES);
	guest = json_object_get(sender, "guest");
	assert_int_equal(get_int(guest, "ipis"), SAMPLES);
	assert_int_equal(get_int(guest, "halts"), 0);
	run_free(&r);
}

static int64_t samples_of(const struct run *r, const char *name, uint32_t vcpu)
{
	const json_t *m = find_metric(r->json, name, vcpu);

	must(m, "no %s", name);
	return get_int(m, "samples");
}

/*
 * Without polling each of them slept, or the main thread was awake; with it, as
 * many polled as KVM says.  The least of them all is the least of a path.
 */
static void must_have_paths(const struct run *r, const char *whole)
{
	static const char *const paths[] = {"slept", "polled", "main_awake"};
	const json_t *m = find_metric(r->json, whole, 1);
	int64_t nr = 0, least = INT64_MAX, polls;

	must(m, "no %s", whole);
	polls = kvm_count(find_window(m, 1), "halt_successful_poll");
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		const json_t *path;
		char name[64];

		snprintf(name, sizeof(name), "%s_%s", whole, paths[i]);
		nr += samples_of(r, name, 1);
		path = find_metric(r->json, name, 1);
		if (get_int(path, "samples") && get_cycles(path, "min") < least)
			least = get_cycles(path, "min");
		if (strcmp(paths[i], "polled") == 0)
			must(get_int(path, "samples") <=
				     (polls < 0 ? 0 : polls),
			     "%d polled, KVM counted %d",
			     (int)get_int(path, "samples"), (int)polls);
	}
	assert_int_equal(nr, get_int(m, "samples"));
	assert_int_equal(least, get_cycles(m, "min"));
	must(strstr(r->proc.out, "slept") || strstr(r->proc.out, "polled"),
	     "no path is shown");
}

TEST(ipi_wake_tells_the_paths_apart)
{
	struct run r;

	need_cpus(2);
	run_now(&r, "ipi-wake", "samples=180", "gap_us=60..120");
	must_pass(&r);
	must_have_paths(&r, "ipi_wake");
	/* All of them may be of one path: no block is ever made longer. */
	assert_int_equal(
		get_int(json_object_get(
				find_metric(r.json, "ipi_wake_slept", 1),
				"series"),
			"block"),
		3);
	assert_int_equal(samples_of(&r, "ipi_wake_polled", 1), 0);
	run_free(&r);
	/* Longer than what may keep the target from the poll it is on its way
	 * to; shorter than that. */
	run_now(&r, "ipi-rtt", "samples=50", "gap_us=10000..20000",
		"idle=halt-poll", "poll_ns=100000000");
	/* Another thread that wants the CPU: KVM does not poll. */
	if (!is_skip(&r)) {
		must_pass(&r);
		must_have_paths(&r, "there");
	}
	run_free(&r);
	run_now(&r, "ipi-wake", "samples=20", "idle=spin");
	must_pass(&r);
	assert_null(find_metric(r.json, "ipi_wake_slept", 1));
	run_free(&r);
}

/* Ten times the least gap on the average: 30 of them are not below four. */
TEST(ipi_wake_gaps_are_random_in_their_range)
{
	struct run r;
	json_t *w;

	need_cpus(2);
	run_now(&r, "ipi-wake", "samples=30", "warmup=0", "gap_us=1000..20000");
	must_pass(&r);
	w = find_window(find_metric(r.json, "ipi_wake", 1), 0);
	must(w && get_int(w, "duration_ns") >= 30 * 4000000ll,
	     "30 gaps took %d us", (int)(get_int(w, "duration_ns") / 1000));
	run_free(&r);
}

/* Of the only sample: its begin is the whole's, its end is vCPU 1's. */
TEST(ipi_rtt_there_is_the_first_part_of_the_whole)
{
	json_t *rtt, *there, *back;
	struct run r;

	need_cpus(2);
	run_now(&r, "ipi-rtt", "samples=1", "warmup=5");
	must_pass(&r);
	rtt = json_array_get(
		get_array(find_metric(r.json, "ipi_rtt", 0), "worst"), 0);
	there = json_array_get(
		get_array(find_metric(r.json, "there", 1), "worst"), 0);
	back = json_array_get(
		get_array(find_metric(r.json, "back", 0), "worst"), 0);
	assert_int_equal(get_int(there, "tsc") - cycles_of(there),
			 get_int(rtt, "tsc") - cycles_of(rtt));
	assert_int_equal(get_int(back, "tsc"), get_int(rtt, "tsc"));
	/* vCPU 1 answers after its handler has begun. */
	must(get_int(back, "tsc") - cycles_of(back) > get_int(there, "tsc"),
	     "it was answered before it came");
	run_free(&r);
}

static const json_t *find_check(const json_t *result, const char *what,
				const char *metric, int64_t vcpu)
{
	json_t *check;
	size_t i;

	json_array_foreach (get_array(result, "checks"), i, check) {
		const char *of =
			json_string_value(json_object_get(check, "metric"));

		if (strcmp(get_text(check, "what"), what) == 0 &&
		    get_int(check, "vcpu") == vcpu &&
		    (metric ? of && strcmp(of, metric) == 0 : !of))
			return check;
	}
	return NULL;
}

TEST(ipi_wake_checks_halts_of_the_window_and_of_the_run)
{
	const json_t *check;
	struct run r;

	need_cpus(2);
	run_now(&r, "ipi-wake", "samples=50", "warmup=10");
	must_pass(&r);
	check = find_check(r.json, "wake-ups from a halt", "ipi_wake", 1);
	must(check && get_int(check, "host") == 50, "no check of the wake-ups");
	check = find_check(r.json, "halts", NULL, 1);
	/* The wait for the job is one, the one for the park another. */
	must(check && get_int(check, "host") >= 60 &&
		     get_bool(check, "required"),
	     "no check of the whole run");
	run_free(&r);
}

/* The interrupt that ends the target's window wakes it once more. */
TEST(ipi_halt_has_a_halt_of_vcpu_1_for_each_sample)
{
	const json_t *check;
	json_t *m, *w;
	struct run r;

	need_cpus(2);
	run_now(&r, "exit-cost", "samples=50", "warmup=0", "--vcpus", "2");
	must_pass(&r);
	m = find_metric(r.json, "ipi_halt", 0);
	must(m && get_int(m, "samples") == 50, "there is no ipi_halt");
	w = find_window(m, 0);
	must(w && get_int(json_object_get(w, "guest"), "ipis") == 50,
	     "vCPU 0 did not send 50 IPIs");
	w = find_window(m, 1);
	must(w, "the target has no window");
	assert_int_equal(kvm_count(w, "halt_exits"), 50 + 1);
	check = find_check(r.json, "halts", "ipi_halt", 1);
	must(check && get_bool(check, "required") && get_bool(check, "agree"),
	     "no check of vCPU 1's halts");
	run_free(&r);
}
