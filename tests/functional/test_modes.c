/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_modes.c - modes that not every KVM has: halt polling, exits switched
 * off, xAPIC, huge pages.  Where one is not offered the test is skipped with
 * what the program says of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/functional/results.h"

/* Skips when the program refuses, which it does in one sentence. */
static void must_be_offered(const struct run *r)
{
	if (r->proc.status != 2)
		return;
	must(strstr(r->proc.err, "this KVM offers") ||
		     strstr(r->proc.err, "the host has") ||
		     strstr(r->proc.err, "has no pages of that size") ||
		     strstr(r->proc.err, "cannot set it for a VM"),
	     "refused without a reason: %s", r->proc.err);
	print_message("# %s", r->proc.err);
	skip();
}

/*
 * Where KVM polls, the gap begins when it has counted the halt: long enough for
 * a host that is emulated to begin the poll in.
 */
static void wake_with(struct run *r, const char *option, const char *value)
{
	need_cpus(2);
	run_now(r, "ipi-wake", "samples=40", "warmup=5", "gap_us=2000..4000",
		option, value);
	must_be_offered(r);
	must_pass(r);
}

static json_t *target_window(const struct run *r)
{
	json_t *m = find_metric(r->json, "ipi_wake", 1), *w;

	must(m && get_int(m, "samples") == 40, "not all samples are there");
	w = find_window(m, 1);
	must(w, "the target has no window");
	return w;
}

TEST(halt_poll_of_0_never_polls)
{
	struct run r;
	json_t *w;

	wake_with(&r, "--halt-poll", "0");
	w = target_window(&r);
	assert_int_equal(kvm_count(w, "halt_exits"), 40);
	must(kvm_count(w, "halt_attempted_poll") <= 0, "KVM polled %d times",
	     (int)kvm_count(w, "halt_attempted_poll"));
	assert_int_equal(
		get_int(json_object_get(r.json, "machine"), "halt_poll_ns"), 0);
	run_free(&r);
}

TEST(halt_poll_of_20_ms_is_tried)
{
	struct run r;
	json_t *w;

	wake_with(&r, "--halt-poll", "20000000");
	w = target_window(&r);
	assert_int_equal(kvm_count(w, "halt_exits"), 40);
	must(kvm_count(w, "halt_attempted_poll") > 0, "KVM never polled");
	run_free(&r);
}

/*
 * KVM's counts decide whether a mode was in effect.  Where it was not there is
 * no figure that could be taken for the mode's, in the file and on the screen.
 */
static bool is_in_effect(const struct run *r)
{
	size_t i;
	json_t *m;

	if (!is_skip(r) ||
	    !strstr(get_text(r->json, "reason"), "not in effect"))
		return true;
	assert_int_equal(r->proc.status, 77);
	must_be_result(r->json);
	must(!strstr(r->text, "p50"), "there are percentiles: %s", r->text);
	json_array_foreach (get_array(r->json, "metrics"), i, m) {
		assert_string_equal(get_text(m, "status"), "skip");
		assert_int_equal(get_int(m, "samples"), 0);
		must(!json_object_get(m, "histogram"), "it has samples");
	}
	return false;
}

/* Each halt exited, so they are KVM's too. */
static void must_have_exited(const struct run *r, const json_t *window)
{
	int64_t halts = get_int(json_object_get(window, "guest"), "halts");
	char text[96];

	snprintf(text, sizeof(text), "KVM counted %jd halt exits for %jd halts",
		 (intmax_t)kvm_count(window, "halt_exits"), (intmax_t)halts);
	must(strstr(get_text(r->json, "reason"), text), "not '%s': %s", text,
	     get_text(r->json, "reason"));
	must(kvm_count(window, "halt_exits") > 0, "KVM saw no halt");
}

/* A halt that does not exit is none for KVM; the IPI arrives all the same. */
TEST(disabled_hlt_exits_are_no_halts_for_kvm)
{
	struct run r;
	json_t *w;

	need_cpus(2);
	run_now(&r, "ipi-wake", "samples=40", "warmup=5", "gap_us=300..600",
		"--disable-exits", "hlt");
	must_be_offered(&r);
	if (!is_in_effect(&r)) {
		must_have_exited(
			&r, find_window(find_metric(r.json, "ipi_wake", 1), 1));
		run_free(&r);
		return;
	}
	must_pass(&r);
	w = target_window(&r);
	must(kvm_count(w, "halt_exits") <= 0, "KVM saw %d halts",
	     (int)kvm_count(w, "halt_exits"));
	/* An interrupt of the host's ends a guest's own HLT as well. */
	must(get_int(json_object_get(w, "guest"), "halts") >= 40,
	     "fewer halts than samples");
	assert_string_equal(
		get_text(json_object_get(r.json, "machine"), "disabled_exits"),
		"hlt");
	run_free(&r);
}

static void disabled_exit_runs(void **state)
{
	const char *name = *state;
	json_t *m;
	struct run r;

	test_begin();
	run_now(&r, "exit-cost", "samples=10", "warmup=2", "--vcpus", "1",
		"--disable-exits", name);
	must_be_offered(&r);
	must_pass(&r);
	assert_string_equal(
		get_text(json_object_get(r.json, "machine"), "disabled_exits"),
		name);
	m = find_metric(r.json, "self_ipi_sti_mwait", 0);
	must(m, "there is no test of MWAIT");
	/* Only a guest that was given MWAIT may try it. */
	if (strcmp(name, "mwait") != 0)
		assert_string_equal(get_text(m, "status"), "skip");
	run_free(&r);
}

static void add_disabled_exits(struct test_list *list)
{
	static const char *const names[] = {"pause", "mwait", "cstate"};
	char name[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(name, sizeof(name), "disabled_%s_exits_run", names[i]);
		test_add(list, name, disabled_exit_runs,
			 (void *)(uintptr_t)names[i]);
	}
}
TEST_FAMILY(add_disabled_exits);

TEST(xapic_wakes_a_vcpu_and_hides_x2apic)
{
	struct run r;

	need_cpus(2);
	run_now(&r, "ipi-wake", "samples=40", "warmup=5", "--xapic");
	must_pass(&r);
	assert_int_equal(kvm_count(target_window(&r), "halt_exits"), 40);
	assert_string_equal(
		get_text(json_object_get(r.json, "machine"), "apic"), "xapic");
	run_free(&r);
	run_now(&r, "exit-cost", "samples=5", "warmup=1", "--xapic");
	must_pass(&r);
	assert_string_equal(
		get_text(find_metric(r.json, "wr_tmict", 0), "status"), "skip");
	assert_string_equal(
		get_text(find_metric(r.json, "wr_tmict_xapic", 0), "status"),
		"done");
	run_free(&r);
}

TEST(pages_of_2m_back_the_guest)
{
	json_t *machine;
	struct run r;

	run_now(&r, "timer-jitter", "samples=20", "--page-size", "2M");
	must_be_offered(&r);
	must_pass(&r);
	machine = json_object_get(r.json, "machine");
	assert_int_equal(get_int(machine, "page_bytes"), 2 << 20);
	assert_int_equal(get_int(machine, "memory_bytes") % (2 << 20), 0);
	run_free(&r);
}

/* What a mode of idling means for the counts of the vCPU that waits. */
static const struct mode_case {
	const char *arg;
	bool halts_exit, halts_never;
	const char *poll; /* NULL: the default */
} mode_cases[] = {
	{.arg = "idle=hlt", .halts_exit = true},
	/* Long enough for any host: after one that is longer KVM gives up. */
	{.arg = "idle=halt-poll",
	 .halts_exit = true,
	 .poll = "poll_ns=100000000"},
	{.arg = "idle=hlt-passthrough"},
	{.arg = "idle=mwait", .halts_never = true},
	{.arg = "idle=guest-poll"},
	{.arg = "idle=spin", .halts_never = true},
	{.arg = "delivery=x2apic", .halts_exit = true},
	{.arg = "delivery=xapic", .halts_exit = true},
	{.arg = "delivery=pv", .halts_exit = true},
	{.arg = "delivery=nmi", .halts_exit = true},
};
#define NR_MODES (sizeof(mode_cases) / sizeof(*mode_cases))

static void mode_wakes(void **state)
{
	const struct mode_case *c = *state;
	struct run r;
	json_t *guest, *w;

	test_begin();
	need_cpus(2);
	run_now(&r, "ipi-wake", "samples=40", "warmup=5", "gap_us=2000..4000",
		c->arg, c->poll);
	must_be_offered(&r);
	if (!is_in_effect(&r) || is_skip(&r)) {
		/* Or a hypercall that KVM offers and does not do. */
		run_free(&r);
		skip();
	}
	must_pass(&r);
	w = target_window(&r);
	guest = json_object_get(w, "guest");
	assert_int_equal(get_int(w, "exits_to_userspace"), 0);
	if (c->halts_exit)
		assert_int_equal(kvm_count(w, "halt_exits"), 40);
	if (c->halts_never)
		assert_int_equal(get_int(guest, "halts"), 0);
	else if (strcmp(c->arg, "idle=hlt-passthrough") == 0)
		must(kvm_count(w, "halt_exits") <= 0, "KVM saw halts");
	else
		assert_int_equal(get_int(guest, "halts"),
				 kvm_count(w, "halt_exits") > 0
					 ? kvm_count(w, "halt_exits")
					 : 0);
	run_free(&r);
}

/* There and back are a part of the whole each. */
static void mode_goes_there_and_back(void **state)
{
	const struct mode_case *c = *state;
	json_t *rtt, *there, *back;
	struct run r;

	test_begin();
	need_cpus(2);
	run_now(&r, "ipi-rtt", "samples=30", "warmup=5", "gap_us=2000..4000",
		c->arg, c->poll);
	must_be_offered(&r);
	if (is_skip(&r))
		skip();
	must_pass(&r);
	rtt = find_metric(r.json, "ipi_rtt", 0);
	there = find_metric(r.json, "there", 1);
	back = find_metric(r.json, "back", 0);
	must(rtt && there && back, "a metric is missing");
	assert_int_equal(get_int(rtt, "samples"), 30);
	assert_int_equal(get_int(there, "samples"), 30);
	assert_int_equal(get_int(back, "samples"), 30);
	must(get_cycles(rtt, "min") >=
		     get_cycles(there, "min") + get_cycles(back, "min"),
	     "shorter than the way there and the way back");
	must(get_cycles(rtt, "max") >= get_cycles(there, "max"),
	     "the way there took longer than the whole");
	if (c->halts_exit)
		assert_int_equal(kvm_count(find_window(there, 1), "halt_exits"),
				 30);
	run_free(&r);
}

static void add_modes(struct test_list *list)
{
	char name[64];

	for (size_t i = 0; i < NR_MODES; i++) {
		void *state = (void *)(uintptr_t)&mode_cases[i];

		snprintf(name, sizeof(name), "ipi_wake_with_%s",
			 mode_cases[i].arg);
		test_add(list, name, mode_wakes, state);
		snprintf(name, sizeof(name), "ipi_rtt_with_%s",
			 mode_cases[i].arg);
		test_add(list, name, mode_goes_there_and_back, state);
	}
}
TEST_FAMILY(add_modes);

/* Where in the interval each sample was due: the same for all. */
static int64_t phase_of(const json_t *m, int64_t interval)
{
	int64_t phase = -1;
	json_t *w;
	size_t i;

	json_array_foreach (get_array(m, "worst"), i, w) {
		int64_t due = get_int(w, "tsc") - cycles_of(w);

		must(phase < 0 || phase == due % interval,
		     "vCPU %d: due at %d, then at %d of the interval",
		     (int)get_int(m, "vcpu"), (int)phase,
		     (int)(due % interval));
		phase = due % interval;
	}
	must(phase >= 0, "no sample");
	return phase;
}

/* One schedule for all vCPUs, each apart from the one before by the phase. */
TEST(timer_phases_are_apart)
{
	int64_t khz, apart;
	struct run r;

	need_cpus(2);
	run_now(&r, "timer-jitter", "--vcpus", "2", "samples=50", "warmup=5",
		"phase_us=300", "idle=guest-poll", "sweep=off");
	must_pass(&r);
	khz = get_int(json_object_get(r.json, "machine"), "tsc_khz");
	apart = phase_of(find_metric(r.json, "lateness", 1), khz) -
		phase_of(find_metric(r.json, "lateness", 0), khz);
	assert_int_equal((apart + khz) % khz, khz * 300 / 1000);
	run_free(&r);
}

TEST(timer_arm_takes_a_write_or_two)
{
	static const char *const ways[] = {
		"deadline_start",
		"deadline_cancel",
		"deadline_cancel_start",
		"deadline_merged",
		"tmict_start",
		"tmict_cancel",
		"tmict_cancel_start",
		"tmict_merged",
		"xapic_tmict_start",
		"xapic_tmict_cancel",
		"xapic_tmict_cancel_start",
		"xapic_tmict_merged",
	};
	struct run r;
	json_t *m;

	run_now(&r, "timer-arm", "samples=60", "warmup=5");
	must_pass(&r);
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		m = find_metric(r.json, ways[i], 0);
		must(m, "no %s", ways[i]);
		if (strcmp(get_text(m, "status"), "skip") == 0)
			continue;
		assert_int_equal(get_int(m, "samples"), 60);
		/* The timer is far off and never fires. */
		assert_int_equal(
			get_int(json_object_get(find_window(m, 0), "guest"),
				"interrupts"),
			0);
	}
	m = find_metric(r.json, "tmict_cancel_start_count", 0);
	must(m, "two writes were not counted");
	assert_int_equal(
		get_int(json_object_get(find_window(m, 0), "guest"), "timers"),
		2 * get_int(m, "samples"));
	run_free(&r);
}
