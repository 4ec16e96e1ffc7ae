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

static void wake_with(struct run *r, const char *option, const char *value)
{
	need_cpus(2);
	run_now(r, "ipi-wake", "samples=40", "warmup=5", "gap_us=300..600",
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

TEST(halt_poll_of_1_ms_is_tried)
{
	struct run r;
	json_t *w;

	wake_with(&r, "--halt-poll", "1000000");
	w = target_window(&r);
	assert_int_equal(kvm_count(w, "halt_exits"), 40);
	must(kvm_count(w, "halt_attempted_poll") > 0, "KVM never polled");
	run_free(&r);
}

/* A halt that does not exit is none for KVM; the IPI arrives all the same. */
TEST(disabled_hlt_exits_are_no_halts_for_kvm)
{
	struct run r;
	json_t *w;

	wake_with(&r, "--disable-exits", "hlt");
	w = target_window(&r);
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
