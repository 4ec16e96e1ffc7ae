/* SPDX-License-Identifier: BSD-2-Clause */
/* test_check.c - which differences between made-up counts are an ERROR. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/fake_vm.h"
#include "tests/unit/unit.h"
#include "vmm/result/check.h"
#include "vmm/result/take.h"

enum {
	HALT_EXITS,
	HALT_WAITS,
	HALT_POLLS,
	NR_STATS
};

/* One vCPU that is done, with one metric and its window. */
struct counted_run {
	struct fake_vm *f; /* its set-up */
	struct result *r;
};

static struct counted_run *counted_new(void)
{
	static const char *const names[NR_STATS] = {
		[HALT_EXITS] = "halt_exits",
		[HALT_WAITS] = "halt_wait_hist",
		[HALT_POLLS] = "halt_successful_poll",
	};
	struct counted_run *c = calloc(1, sizeof(*c));

	assert_non_null(c);
	c->f = fake_vm_new(0x200000, 1);
	c->r = result_new();
	result_make_vcpus(c->r, 1);
	result_describe(c->r, &c->f->setup);
	c->r->vcpus[0].orderly = true;
	c->r->windows[0].ended = true;
	strcpy(c->r->machine.apic, "xapic");
	c->r->nr_stats = NR_STATS;
	for (int i = 0; i < NR_STATS; i++)
		strcpy(c->r->stats[i], names[i]);
	c->r->verdict = VERDICT_PASS;
	c->r->nr_metrics = 1;
	strcpy(c->r->metrics[0].name, "wake");
	c->r->metrics[0].window = &c->r->windows[0];
	return c;
}

/* In the window and in the whole run. */
static void set_halts(struct counted_run *c, uint64_t guest, uint64_t host)
{
	struct result_counts *counts[] = {&c->r->windows[0].counts,
					  &c->r->vcpus[0].run};

	for (unsigned int i = 0; i < 2; i++) {
		counts[i]->guest.halts = guest;
		counts[i]->kvm.value[HALT_EXITS] = host;
		counts[i]->kvm.value[HALT_WAITS] = host;
	}
}

/* How the halts of the window ended. */
static void set_sleeps(struct counted_run *c, uint64_t wakeups, uint64_t polls)
{
	struct stats *kvm = &c->r->windows[0].counts.kvm;

	kvm->value[HALT_WAITS] = wakeups;
	kvm->value[HALT_POLLS] = polls;
}

static void counted_free(struct counted_run *c)
{
	result_free(c->r);
	fake_vm_free(c->f);
	free(c);
}

static const struct result_check *check(const struct counted_run *c,
					const char *what, int metric)
{
	for (unsigned int i = 0; i < c->r->nr_checks; i++)
		if (strcmp(c->r->checks[i].what, what) == 0 &&
		    c->r->checks[i].metric == metric)
			return &c->r->checks[i];
	fail_msg("no check of %s", what);
	return NULL;
}

TEST(check_wants_as_many_halts_as_the_guest_counted)
{
	struct counted_run *c = counted_new();

	set_halts(c, 1000, 1000);
	result_check_counts(c->r);
	assert_int_equal(c->r->verdict, VERDICT_PASS);
	assert_true(check(c, "halts", 0)->required);
	assert_true(check(c, "halts", -1)->required);
	counted_free(c);

	for (uint64_t host = 999; host <= 1001; host += 2) {
		c = counted_new();
		set_halts(c, 1000, host);
		result_check_counts(c->r);
		assert_int_equal(c->r->verdict, VERDICT_ERROR);
		assert_has(c->r->reason, "the guest counted 1000 halts");
		counted_free(c);
	}
}

/* self_ipi_sti_hlt where each interrupt is there before its HLT. */
TEST(check_lets_halts_be_that_an_idle_hlt_intercept_hides)
{
	struct counted_run *c = counted_new();
	const struct result_check *halts;

	c->r->host.idle_hlt = true;
	set_halts(c, 1000, 0);
	result_check_counts(c->r);
	assert_int_equal(c->r->verdict, VERDICT_PASS);
	assert_int_equal(c->r->nr_warnings, 0);
	halts = check(c, "halts", 0);
	assert_false(halts->required);
	assert_int_equal(halts->guest, 1000);
	assert_int_equal(halts->host, 0);
	assert_false(check(c, "halts", -1)->required);
	/* Nothing else becomes laxer. */
	assert_true(check(c, "exits to userspace", 0)->required);
	counted_free(c);
}

TEST(check_finds_halts_that_nobody_made_in_spite_of_it)
{
	struct counted_run *c = counted_new();

	c->r->host.idle_hlt = true;
	set_halts(c, 1000, 1001);
	result_check_counts(c->r);
	assert_int_equal(c->r->verdict, VERDICT_ERROR);
	assert_has(c->r->reason, "the guest counted 1000 halts, the host 1001");
	counted_free(c);
}

TEST(check_of_halts_without_exits_only_shows_them)
{
	for (int idle_hlt = 0; idle_hlt <= 1; idle_hlt++) {
		struct counted_run *c = counted_new();

		c->f->setup.config.machine.disable_exits =
			KVM_X86_DISABLE_EXITS_HLT;
		result_describe(c->r, &c->f->setup);
		c->r->host.idle_hlt = idle_hlt;
		c->r->metrics[0].blocking = 10;
		set_halts(c, 10, 11);
		result_check_counts(c->r);
		assert_int_equal(c->r->verdict, VERDICT_PASS);
		assert_false(check(c, "halts", 0)->required);
		counted_free(c);
	}
}

TEST(check_lets_wake_ups_be_that_an_idle_hlt_intercept_hides)
{
	for (int idle_hlt = 0; idle_hlt <= 1; idle_hlt++) {
		struct counted_run *c = counted_new();

		c->r->host.idle_hlt = idle_hlt;
		c->r->metrics[0].blocking = 1000;
		set_halts(c, 1000, 990);
		/* Waked by something else too: so many did sleep. */
		set_sleeps(c, 1000, 0);
		result_check_counts(c->r);
		assert_int_equal(c->r->verdict,
				 idle_hlt ? VERDICT_PASS : VERDICT_ERROR);
		assert_int_equal(check(c, "wake-ups from a halt", 0)->required,
				 !idle_hlt);
		counted_free(c);
	}
}

/* Woken or polled for: either way it slept. */
TEST(check_of_sleeps_holds_with_as_many_or_more)
{
	static const uint64_t sleeps[][2] = {
		{1000, 0}, {0, 1000}, {400, 600}, {1001, 0}, {600, 401}};

	for (size_t i = 0; i < sizeof(sleeps) / sizeof(*sleeps); i++) {
		struct counted_run *c = counted_new();
		const struct result_check *slept;

		c->r->metrics[0].blocking = 1000;
		set_halts(c, 1000, 1000);
		set_sleeps(c, sleeps[i][0], sleeps[i][1]);
		result_check_counts(c->r);
		assert_int_equal(c->r->verdict, VERDICT_PASS);
		slept = check(c, "halts that slept", 0);
		assert_true(slept->required);
		assert_int_equal(slept->guest, 1000);
		assert_int_equal(slept->host, 1000);
		assert_int_equal(c->r->nr_warnings, 0);
		counted_free(c);
	}
}

TEST(check_fails_when_an_interrupt_came_before_the_target_slept)
{
	for (int idle_hlt = 0; idle_hlt <= 1; idle_hlt++) {
		struct counted_run *c = counted_new();

		c->r->host.idle_hlt = idle_hlt;
		c->r->metrics[0].blocking = 1000;
		set_halts(c, 1000, 1000);
		set_sleeps(c, 989, 10);
		result_check_counts(c->r);
		assert_int_equal(c->r->verdict, VERDICT_ERROR);
		assert_string_equal(c->r->reason,
				    "wake: 1 of 1000 interrupts came before "
				    "the target slept; a longer gap_us lets "
				    "it");
		assert_int_equal(check(c, "halts that slept", 0)->host, 999);
		counted_free(c);
	}
}

/* What was not said to sleep, or what KVM does not count, is not looked at. */
TEST(check_of_sleeps_wants_a_claim_and_both_counts)
{
	for (int missing = HALT_WAITS; missing <= NR_STATS; missing++) {
		struct counted_run *c = counted_new();

		c->r->metrics[0].blocking = missing == NR_STATS ? 0 : 1000;
		if (missing < NR_STATS)
			strcpy(c->r->stats[missing], "another");
		set_halts(c, 1000, 1000);
		set_sleeps(c, 0, 0);
		result_check_counts(c->r);
		assert_int_equal(c->r->verdict, VERDICT_PASS);
		counted_free(c);
	}
}

/* Of exits to userspace one is always there, the one that ends the window. */
TEST(check_tells_nothing_where_both_sides_are_equal_by_construction)
{
	static const struct {
		const char *what;
		uint64_t guest, host;
		bool required, tells;
	} pairs[] = {
		{"exits to userspace", 1, 1, true, false},
		{"exits to userspace", 2, 2, true, true},
		{"exits to userspace", 1, 2, true, true},
		{"exits to userspace", 2, 1, true, true},
		{"exits to userspace", 2, 2, false, false},
		{"halts", 0, 0, true, false},
		{"halts", 1, 1, true, true},
		{"halts", 0, 1, true, true},
		{"halts", 1, 0, true, true},
		{"dirty pages", 0, 0, true, false},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct result_check c = {.guest = pairs[i].guest,
					 .host = pairs[i].host,
					 .required = pairs[i].required};

		strcpy(c.what, pairs[i].what);
		assert_int_equal(result_check_tells(&c), pairs[i].tells);
	}
}

TEST(check_finds_wake_ups_that_nobody_made_in_spite_of_it)
{
	struct counted_run *c = counted_new();

	c->r->host.idle_hlt = true;
	c->r->metrics[0].blocking = 1000;
	set_halts(c, 1001, 1001);
	result_check_counts(c->r);
	assert_int_equal(c->r->verdict, VERDICT_ERROR);
	assert_has(c->r->reason, "wake-ups from a halt, the host 1001");
	counted_free(c);
}
