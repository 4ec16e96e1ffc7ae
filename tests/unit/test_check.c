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
	HALT_WAKEUP,
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
		[HALT_WAKEUP] = "halt_wakeup",
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
		counts[i]->kvm.value[HALT_WAKEUP] = host;
	}
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

/* That the target did not sleep is said in either case. */
TEST(check_lets_wake_ups_be_that_an_idle_hlt_intercept_hides)
{
	for (int idle_hlt = 0; idle_hlt <= 1; idle_hlt++) {
		struct counted_run *c = counted_new();

		c->r->host.idle_hlt = idle_hlt;
		c->r->metrics[0].blocking = 1000;
		set_halts(c, 1000, 990);
		result_check_counts(c->r);
		assert_int_equal(c->r->verdict,
				 idle_hlt ? VERDICT_PASS : VERDICT_ERROR);
		assert_int_equal(check(c, "wake-ups from a halt", 0)->required,
				 !idle_hlt);
		assert_int_equal(c->r->nr_warnings, 1);
		assert_has(c->r->warnings[0], "10 of 1000 interrupts came");
		counted_free(c);
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
