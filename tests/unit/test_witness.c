/* SPDX-License-Identifier: BSD-2-Clause */
/* test_witness.c - what a trace is a witness of. */
#include "tests/unit/explained.h"
#include "tests/unit/unit.h"
#include "vmm/result/witness.h"

/* How many IPIs a sample has, with that event of its span's end. */
static unsigned int ipis(enum span_kind kind, uint32_t skip,
			 const struct trace_event *e)
{
	struct explained is;
	unsigned int nr;
	struct traced t;
	uint64_t end;

	traced_init(&t);
	end = traced_sample(&t, kind, TRACED_BEGIN, traced_took, skip);
	if (e)
		traced_add(&t, e, NULL);
	is = traced_cut(&t, kind, TRACED_BEGIN, end);
	nr = span_ipis(&t.log, &t.host, &is.span, &is.cut);
	traced_free(&t);
	return nr;
}

TEST(trace_is_a_witness_of_the_ipis_of_a_sample)
{
	static const uint64_t ends[] = {[SPAN_IPI] = 1126, [SPAN_RTT] = 1306};
	const enum span_kind kinds[] = {SPAN_IPI, SPAN_RTT};
	/* Of others, to others, by a CPU's timer; no message yet. */
	const struct trace_event *const none[] = {
		VCPU(1040, 2, TRACE_KVM_ACCEPT_IRQ, .a = TARGET),
		VCPU(1040, SENDER, TRACE_KVM_ACCEPT_IRQ, .a = 2),
		VCPU(1040, TARGET, TRACE_KVM_ACCEPT_IRQ, .a = TARGET),
		VCPU(1040, SENDER, TRACE_KVM_APIC_IPI, .a = TARGET),
	};

	for (unsigned int i = 0; i < 2; i++) {
		enum span_kind k = kinds[i];
		uint64_t end = ends[k];

		assert_int_equal(ipis(k, 0, NULL), 1);
		assert_int_equal(ipis(k, 1u << 2, NULL), 0);
		for (uint64_t tsc = 990; tsc < 1400; tsc++)
			assert_int_equal(
				ipis(k, 0,
				     VCPU(tsc, SENDER, TRACE_KVM_ACCEPT_IRQ,
					  .a = TARGET)),
				tsc >= 1000 && tsc <= end ? 2 : 1);
		for (size_t n = 0; n < sizeof(none) / sizeof(*none); n++)
			assert_int_equal(ipis(k, 0, none[n]), 1);
	}
}

TEST(trace_shows_ipis_if_one_went_from_vcpu_to_vcpu)
{
	const struct trace_event *const none[] = {
		VCPU(1, 1, TRACE_KVM_ACCEPT_IRQ, .a = 1),
		VCPU(1, 1, TRACE_KVM_ACCEPT_IRQ, .a = TRACED_VCPUS),
		VCPU(1, 1, TRACE_KVM_APIC_IPI, .a = 2),
		EVENT(1, CPU(1), MAIN_TID, TRACE_KVM_ACCEPT_IRQ, .a = 1),
	};
	struct traced t;

	traced_init(&t);
	assert_false(spans_show_ipis(&t.log, &t.host));
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		traced_add(&t, none[i], NULL);
		assert_false(spans_show_ipis(&t.log, &t.host));
	}
	traced_add(&t, VCPU(2, 1, TRACE_KVM_ACCEPT_IRQ, .a = 2), NULL);
	assert_true(spans_show_ipis(&t.log, &t.host));
	traced_free(&t);
}

/* Of samples with no IPI, one and two. */
TEST(explain_counts_samples_that_the_trace_is_a_witness_of)
{
	for (enum span_kind kind = 0; kind < NR_SPAN_KINDS; kind++) {
		bool counts = kind == SPAN_IPI || kind == SPAN_RTT;
		struct explained_run *u = explained_new(kind);
		const struct explain *x;
		uint64_t at;

		for (unsigned int i = 0; i < 5; i++)
			explained_sample(u, traced_took, 0);
		explained_plain(u, 60);
		explained_plain(u, -60);
		x = explained_run(u);
		assert_int_equal(x->nr_witnessed, counts ? 5 : 0);
		assert_int_equal(x->nr_odd, counts ? 1 : 0);
		explained_free(u);
		u = explained_new(kind);
		for (unsigned int i = 0; i < 3; i++) {
			at = explained_sample(u, traced_took, 0);
			traced_add(&u->t,
				   VCPU(at + 40, SENDER, TRACE_KVM_ACCEPT_IRQ,
					.a = TARGET),
				   NULL);
		}
		explained_sample(u, traced_took, 0);
		x = explained_run(u);
		assert_int_equal(x->nr_witnessed, counts ? 1 : 0);
		assert_int_equal(x->nr_odd, counts ? 3 : 0);
		explained_free(u);
	}
	/* Where none is to be seen, KVM has no part in them. */
	for (enum span_kind kind = SPAN_IPI; kind < SPAN_TIMER; kind++) {
		struct explained_run *u = explained_new(kind);

		explained_sample(u, traced_took, 1u << 2);
		assert_int_equal(explained_run(u)->nr_odd, 0);
		assert_int_equal(u->x->nr_witnessed, 0);
		explained_free(u);
	}
}

/* What is written to the TSC deadline, and when; 0: nothing. */
struct armed {
	uint64_t tsc, deadline;
};

/* Of a sample that is due at 1000 and ends behind all of them. */
static enum witness of_timer(const struct armed *list, bool arms,
			     const struct blocks *blocks)
{
	struct explained e;
	enum witness w;
	struct traced t;
	uint64_t end;

	end = traced_whole(&t, SPAN_TIMER);
	t.host.arms = arms;
	t.host.blocks = blocks;
	for (; list->tsc; list++)
		traced_add(&t,
			   VCPU(list->tsc, TARGET, TRACE_KVM_MSR, .a = 0x6e0,
				.b = list->deadline, .c = 1),
			   NULL);
	e = traced_cut(&t, SPAN_TIMER, TRACED_BEGIN, end);
	w = witness_of(&t.log, &t.host, &e);
	traced_free(&t);
	return w;
}

TEST(a_timers_sample_begins_at_the_deadline_that_was_written_last)
{
#define ARMED(...) ((const struct armed[]){__VA_ARGS__, {0}})
	struct blocks b = {.nr = 0};

	assert_int_equal(of_timer(ARMED({900, 1000}), true, NULL),
			 WITNESS_TRUE);
	assert_int_equal(of_timer(ARMED({900, 1001}), true, NULL), WITNESS_ODD);
	assert_int_equal(of_timer(ARMED({900, 999}), true, NULL), WITNESS_ODD);
	assert_int_equal(of_timer(ARMED({800, 700}, {900, 1000}), true, NULL),
			 WITNESS_TRUE);
	assert_int_equal(of_timer(ARMED({800, 1000}, {900, 700}), true, NULL),
			 WITNESS_ODD);
	/* Written too late to be early; the next one, behind it. */
	assert_int_equal(
		of_timer(ARMED({1005, 1000}, {1500, 2000}), true, NULL),
		WITNESS_TRUE);
	/* Switched off meanwhile, which is no deadline. */
	assert_int_equal(of_timer(ARMED({900, 1000}, {950, 0}), true, NULL),
			 WITNESS_TRUE);
	assert_int_equal(of_timer(ARMED({900, 0}), true, NULL), WITNESS_NONE);
	/* It is not said that they are armed so. */
	assert_int_equal(of_timer(ARMED({900, 1001}), false, NULL),
			 WITNESS_NONE);
	/* Before the block with events nothing is known, nor of another one. */
	blocks_begin(&b, 100, true);
	blocks_end(&b, 890);
	blocks_begin(&b, 895, true);
	blocks_end(&b, 3000);
	assert_int_equal(of_timer(ARMED({896, 1001}), true, &b), WITNESS_ODD);
	assert_int_equal(of_timer(ARMED({895, 1000}), true, &b), WITNESS_TRUE);
	assert_int_equal(of_timer(ARMED({894, 1001}), true, &b), WITNESS_NONE);
	assert_int_equal(of_timer(ARMED({850, 1001}), true, &b), WITNESS_NONE);
	blocks_free(&b);
}

TEST(a_deadline_is_the_vcpus_own_write_to_that_msr)
{
	const struct trace_event *const none[] = {
		VCPU(950, SENDER, TRACE_KVM_MSR, .a = 0x6e0, .b = 7, .c = 1),
		VCPU(950, TARGET, TRACE_KVM_MSR, .a = 0x6e0, .b = 7, .c = 0),
		VCPU(950, TARGET, TRACE_KVM_MSR, .a = 0x838, .b = 7, .c = 1),
		VCPU(950, TARGET, TRACE_KVM_PIO, .a = 0x6e0, .b = 7, .c = 1),
	};

	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		struct traced t;
		uint64_t end = traced_whole(&t, SPAN_TIMER);
		struct explained e;

		t.host.arms = true;
		traced_add(&t, none[i], NULL);
		e = traced_cut(&t, SPAN_TIMER, TRACED_BEGIN, end);
		assert_int_equal(witness_of(&t.log, &t.host, &e), WITNESS_NONE);
		traced_free(&t);
	}
}

TEST(explain_counts_timers_whose_deadline_was_written)
{
	struct explained_run *u = explained_new(SPAN_TIMER);
	const struct explain *x;

	u->t.host.arms = true;
	for (unsigned int i = 0; i < 5; i++) {
		uint64_t at = explained_sample(u, traced_took, 0);

		traced_add(&u->t,
			   VCPU(at - 100, TARGET, TRACE_KVM_MSR, .a = 0x6e0,
				.b = at + (i == 3), .c = 1),
			   NULL);
	}
	x = explained_run(u);
	assert_int_equal(x->nr_witnessed, 4);
	assert_int_equal(x->nr_odd, 1);
	explained_free(u);
}
