/* SPDX-License-Identifier: BSD-2-Clause */
/* test_effect.c - which made-up counts say that a mode was not in effect. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include "vmm/result/effect.h"

enum {
	HALT_EXITS,
	ATTEMPTED_POLL,
	NR_STATS
};

/* What the guest says of its halts, and KVM of them. */
struct idled {
	enum idle_mode mode;
	uint64_t halts, exits, polls;
	const char *why; /* NULL: it was in effect */
};

static struct result_window *window(struct result *r, uint32_t vcpu)
{
	struct result_window *w = &r->windows[vcpu];

	w->ended = true;
	return w;
}

/* One metric with samples, and a window of it on two vCPUs. */
static struct made *idled_new(const struct idled *c)
{
	static const char *const names[NR_STATS] = {
		[HALT_EXITS] = "halt_exits",
		[ATTEMPTED_POLL] = "halt_attempted_poll",
	};
	struct made *m = made_new();
	struct result_counts *n;

	m->r->verdict = VERDICT_PASS;
	m->r->machine.halt_poll_ns = 0;
	m->r->nr_stats = NR_STATS;
	for (int i = 0; i < NR_STATS; i++)
		strcpy(m->r->stats[i], names[i]);
	made_samples(made_metric(m, "wake", 1), 10);
	m->r->nr_broke = 1;
	m->r->broke[0].metric = &m->r->metrics[0];
	for (uint32_t v = 0; v < 2; v++) {
		/* The larger part is vCPU 1's. */
		n = &window(m->r, v)->counts;
		n->guest.halts = v ? c->halts - c->halts / 4 : c->halts / 4;
		n->kvm.value[HALT_EXITS] =
			v ? c->exits - c->exits / 4 : c->exits / 4;
		n->kvm.value[ATTEMPTED_POLL] =
			v ? c->polls - c->polls / 4 : c->polls / 4;
	}
	return m;
}

static void must_be_in_effect(const struct idled *c, const struct made *m)
{
	const struct result_metric *wake = &m->r->metrics[0];

	(void)c;
	assert_int_equal(m->r->verdict, VERDICT_PASS);
	assert_int_equal(wake->status, METRIC_DONE);
	assert_non_null(wake->hist);
	assert_ptr_equal(m->r->broke[0].metric, wake);
}

static void must_be_dropped(const struct idled *c, const struct made *m)
{
	const struct result_metric *wake = &m->r->metrics[0];

	assert_int_equal(m->r->verdict, VERDICT_SKIP);
	assert_string_equal(m->r->reason, c->why);
	assert_int_equal(wake->status, METRIC_SKIP);
	assert_string_equal(wake->reason, c->why);
	assert_null(wake->hist);
	assert_int_equal(m->r->nr_broke, 0);
}

TEST(effect_is_what_kvm_has_counted)
{
	static const struct idled cases[] = {
		{IDLE_HLT_PASSTHROUGH, 2000, 0, 0, NULL},
		{IDLE_HLT_PASSTHROUGH, 0, 0, 0, NULL},
		/* Not a single one may exit. */
		{IDLE_HLT_PASSTHROUGH, 2000, 1, 0,
		 "not in effect: KVM counted 1 halt exit for 2000 halts"},
		{IDLE_HLT_PASSTHROUGH, 2000, 2000, 0,
		 "not in effect: KVM counted 2000 halt exits for 2000 halts"},
		{IDLE_HALT_POLL, 2000, 2000, 0,
		 "not in effect: KVM polled at none of 2000 halts"},
		{IDLE_HALT_POLL, 2000, 2000, 1, NULL},
		{IDLE_HALT_POLL, 0, 0, 0, NULL},
		{IDLE_HLT, 2000, 2000, 0, NULL},
		{IDLE_HLT, 2000, 2000, 7,
		 "not in effect: KVM polled at 7 of 2000 halts"},
		{IDLE_GUEST_POLL, 30, 30, 0, NULL},
		{IDLE_GUEST_POLL, 30, 30, 1,
		 "not in effect: KVM polled at 1 of 30 halts"},
		{IDLE_MWAIT, 30, 30, 3, NULL},
		{IDLE_SPIN, 30, 30, 3, NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct idled *c = &cases[i];
		struct made *m = idled_new(c);

		result_check_effect(m->r, c->mode);
		(c->why ? must_be_dropped : must_be_in_effect)(c, m);
		made_free(m);
	}
}

/* Where KVM's polling could not be switched off it is the host's choice. */
TEST(effect_of_hlt_allows_for_a_host_that_polls_as_it_likes)
{
	static const struct idled c = {IDLE_HLT, 2000, 2000, 7, NULL};
	struct made *m = idled_new(&c);

	m->r->machine.halt_poll_ns = -1;
	result_check_effect(m->r, c.mode);
	must_be_in_effect(&c, m);
	made_free(m);
}

TEST(effect_is_not_decided_without_kvm_s_count)
{
	static const struct idled polls = {IDLE_HALT_POLL, 20, 20, 0, NULL};
	static const struct idled exits = {IDLE_HLT_PASSTHROUGH, 20, 20, 0,
					   NULL};
	struct made *m = idled_new(&polls);

	strcpy(m->r->stats[ATTEMPTED_POLL], "another");
	result_check_effect(m->r, polls.mode);
	must_be_in_effect(&polls, m);
	made_free(m);

	m = idled_new(&exits);
	strcpy(m->r->stats[HALT_EXITS], "another");
	result_check_effect(m->r, exits.mode);
	must_be_in_effect(&exits, m);
	made_free(m);
}

/* What happened outside of the windows was not measured. */
TEST(effect_looks_at_windows_that_have_ended)
{
	static const struct idled c = {IDLE_HLT_PASSTHROUGH, 20, 20, 0, NULL};
	struct made *m = idled_new(&c);

	m->r->windows[0].ended = m->r->windows[1].ended = false;
	result_check_effect(m->r, c.mode);
	must_be_in_effect(&c, m);
	made_free(m);
}

TEST(effect_keeps_a_verdict_that_is_worse)
{
	static const struct idled c = {IDLE_HLT_PASSTHROUGH, 20, 20, 0, NULL};
	struct made *m = idled_new(&c);

	result_verdict(m->r, VERDICT_TIMEOUT, "late");
	result_check_effect(m->r, c.mode);
	assert_string_equal(m->r->reason, "late");
	assert_int_equal(m->r->metrics[0].status, METRIC_SKIP);
	made_free(m);
}
