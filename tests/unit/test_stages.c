/* SPDX-License-Identifier: BSD-2-Clause */
/* test_stages.c - samples cut into stages by events. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/traced.h"
#include "tests/unit/unit.h"

#define BEGIN TRACED_BEGIN

#define NAMES_OF_IPI \
	"exit", "icr", "ipi", "kick", "wakeup", "schedule", "unblock", "entry"
static const char *const names[NR_SPAN_KINDS][STAGES_MAX + 1] = {
	[SPAN_SELF] = {"exit", "host", "guest"},
	[SPAN_IPI] = {NAMES_OF_IPI, "handler"},
	[SPAN_TIMER] = {"interrupt", "hrtimer", "kick", "wakeup", "schedule",
			"unblock", "inject", "entry", "handler"},
	[SPAN_RTT] = {NAMES_OF_IPI, "back-exit", "back-icr", "back-ipi",
		      "back-kick", "back-wakeup", "back-schedule",
		      "back-unblock", "back-entry", "back-handler"},
	[SPAN_PULSE] = {"eventfd", "msi", "kick", "wakeup", "schedule",
			"unblock", "entry", "handler"},
};

static unsigned int nr_of(enum span_kind kind)
{
	unsigned int nr = 0;

	while (names[kind][nr])
		nr++;
	return nr;
}

static bool has_sender(enum span_kind kind)
{
	return kind == SPAN_IPI || kind == SPAN_RTT;
}

static uint64_t sum(const struct explained *e)
{
	uint64_t all = 0;

	for (unsigned int i = 0; i < stages_nr(e->span.kind); i++)
		if (e->cut.found & 1u << i)
			all += explained_stage(e, i);
	return all;
}

static void assert_stage(const struct explained *e, unsigned int i,
			 const char *name, uint64_t ticks)
{
	char is[STAGE_NAME_LEN];

	assert_true(e->cut.found & 1u << i);
	stage_name(e->span.kind, e->cut.found, i, is);
	assert_string_equal(is, name);
	assert_int_equal(explained_stage(e, i), ticks);
}

TEST(stages_are_all_there_with_all_boundaries)
{
	for (enum span_kind kind = 0; kind < NR_SPAN_KINDS; kind++) {
		struct traced t;
		uint64_t end = traced_whole(&t, kind);
		struct explained e = traced_cut(&t, kind, BEGIN, end);
		unsigned int nr = nr_of(kind);

		assert_int_equal(stages_nr(kind), nr);
		assert_int_equal(e.cut.found, (1u << nr) - 1);
		assert_int_equal(e.cut.path,
				 kind == SPAN_SELF ? PATH_RUNNING : PATH_SLEPT);
		assert_int_equal(e.cut.sender, has_sender(kind) ? SENDER : -1);
		assert_int_equal(e.cut.target, TARGET);
		for (unsigned int i = 0; i < nr; i++)
			assert_stage(&e, i, names[kind][i], traced_took[i]);
		assert_int_equal(e.cut.at[nr - 1], end);
		assert_int_equal(sum(&e), end - BEGIN);
		traced_free(&t);
	}
}

/* Which are found without that one: the first IPI tells of the other vCPU. */
static uint32_t left(enum span_kind kind, unsigned int without)
{
	uint32_t all = (1u << nr_of(kind)) - 1;

	if (without == 2 && kind == SPAN_IPI)
		return all & ~7u;
	if (without == 2 && kind == SPAN_RTT)
		return all & ~0x7fcu;
	/* Nor is it known whose the timer interrupt was. */
	if (without == 1 && kind == SPAN_TIMER)
		return all & ~3u;
	return all & ~(1u << without);
}

/* The stages of those boundaries, each with those before that are not there. */
static void assert_stages(const struct explained *e, uint32_t found)
{
	char name[200] = "";
	uint64_t ticks = 0;

	assert_int_equal(e->cut.found, found);
	for (unsigned int i = 0; i < nr_of(e->span.kind); i++) {
		size_t len = strlen(name);

		snprintf(name + len, sizeof(name) - len, "%s%s", len ? "+" : "",
			 names[e->span.kind][i]);
		ticks += traced_took[i];
		if (!(found & 1u << i))
			continue;
		assert_stage(e, i, name, ticks);
		name[0] = '\0';
		ticks = 0;
	}
}

TEST(stages_without_a_boundary_are_part_of_the_next)
{
	for (enum span_kind kind = 0; kind < NR_SPAN_KINDS; kind++)
		for (unsigned int i = 0; i + 1 < nr_of(kind); i++) {
			bool alone = i == 2 && has_sender(kind);
			struct explained e;
			struct traced t;
			uint64_t end;

			traced_init(&t);
			end = traced_sample(&t, kind, BEGIN, traced_took,
					    1u << i);
			e = traced_cut(&t, kind, BEGIN, end);
			assert_stages(&e, left(kind, i));
			assert_int_equal(alone, has_sender(kind) &&
							(e.cut.sender < 0 ||
							 e.cut.target < 0));
			assert_int_equal(sum(&e), end - BEGIN);
			traced_free(&t);
		}
}

TEST(stages_without_any_event_are_one)
{
	static const char *const all[NR_SPAN_KINDS] = {
		[SPAN_SELF] = "exit+host+guest",
		[SPAN_IPI] = "exit+icr+ipi+kick+wakeup+schedule+unblock+entry+"
			     "handler",
		[SPAN_TIMER] = "interrupt+hrtimer+kick+wakeup+schedule+unblock+"
			       "inject+entry+handler",
		/* As many as have room. */
		[SPAN_RTT] = "exit+icr+ipi+kick+wakeup+schedule+unblock+entry+"
			     "back-exit+back-icr+back-ipi+back-kick",
		[SPAN_PULSE] = "eventfd+msi+kick+wakeup+schedule+unblock+entry+"
			       "handler",
	};

	for (enum span_kind kind = 0; kind < NR_SPAN_KINDS; kind++) {
		unsigned int last = nr_of(kind) - 1;
		struct explained e;
		struct traced t;

		traced_init(&t);
		e = traced_cut(&t, kind, BEGIN, BEGIN + 77);
		assert_int_equal(e.cut.found, 1u << last);
		assert_int_equal(e.cut.path, PATH_RUNNING);
		assert_int_equal(e.cut.sender, kind == SPAN_RTT ? SENDER : -1);
		assert_int_equal(e.cut.target, kind == SPAN_RTT ? -1 : TARGET);
		assert_stage(&e, last, all[kind], 77);
	}
}

TEST(stages_are_on_their_owners_cpu)
{
	static const char *const kinds[NR_SPAN_KINDS] = {"own", "ipi", "timer",
							 "round_trip", "pulse"};
	static const uint32_t senders[NR_SPAN_KINDS] = {
		[SPAN_IPI] = 7, [SPAN_RTT] = 0x1f807};

	for (enum span_kind kind = 0; kind < NR_SPAN_KINDS; kind++) {
		for (unsigned int i = 0; i < stages_nr(kind); i++)
			assert_int_equal(stage_is_target(kind, i),
					 !(senders[kind] & 1u << i));
		assert_string_equal(span_kind_name(kind), kinds[kind]);
	}
}

/* Where they would be taken if they were the right one's: see took. */
TEST(stages_are_not_of_another_vcpu_or_cpu)
{
	ASSERT_NONE_TAKEN(
		SPAN_IPI, VCPU(1015, 2, TRACE_KVM_EXIT, .a = 0),
		VCPU(1015, TARGET, TRACE_KVM_EXIT, .a = 0),
		VCPU(1001, TARGET, TRACE_KVM_APIC_IPI, .a = 0),
		EVENT(1001, CPU(2), OTHER_TID, TRACE_KVM_APIC_IPI),
		VCPU(1001, 2, TRACE_KVM_APIC_IPI, .a = 1),
		VCPU(1022, SENDER, TRACE_KVM_ACCEPT_IRQ, .a = 2),
		VCPU(1022, SENDER, TRACE_KVM_ACCEPT_IRQ, .a = SENDER),
		/* No sender: itself, no vCPU; one that comes later. */
		VCPU(1005, TARGET, TRACE_KVM_ACCEPT_IRQ, .a = TARGET),
		EVENT(1005, CPU(2), MAIN_TID, TRACE_KVM_ACCEPT_IRQ,
		      .a = TARGET),
		VCPU(1034, 2, TRACE_KVM_ACCEPT_IRQ, .a = TARGET),
		VCPU(1050, SENDER, TRACE_WAKING, .a = TID(2)),
		EVENT(1070, CPU(TARGET), 0, TRACE_WAKEUP, .a = TID(2)),
		EVENT(1080, CPU(2), 0, TRACE_SWITCH, .a = TID(2)),
		VCPU(1100, 2, TRACE_KVM_VCPU_WAKEUP, .b = 0),
		EVENT(1109, CPU(TARGET), TID(2), TRACE_KVM_ENTRY, .a = TARGET));
	ASSERT_NONE_TAKEN(SPAN_TIMER, EVENT(1015, CPU(2), 0, TRACE_LOCAL_TIMER),
			  EVENT(1025, CPU(2), 0, TRACE_HRTIMER),
			  VCPU(1100, 2, TRACE_KVM_ACCEPT_IRQ, .a = TARGET),
			  VCPU(1100, TARGET, TRACE_KVM_ACCEPT_IRQ, .a = 2),
			  VCPU(1100, 2, TRACE_KVM_APIC_IPI, .a = TARGET));
	ASSERT_NONE_TAKEN(
		SPAN_RTT, VCPU(1130, SENDER, TRACE_KVM_EXIT, .a = 0),
		VCPU(1115, SENDER, TRACE_KVM_ENTRY, .a = TARGET),
		VCPU(1022, SENDER, TRACE_KVM_ACCEPT_IRQ, .a = SENDER),
		VCPU(1130, SENDER, TRACE_KVM_APIC_IPI, .a = 0),
		VCPU(1150, TARGET, TRACE_KVM_ACCEPT_IRQ, .a = 2),
		VCPU(1150, TARGET, TRACE_KVM_ACCEPT_IRQ, .a = TARGET),
		VCPU(1150, 2, TRACE_KVM_ACCEPT_IRQ, .a = SENDER),
		VCPU(1050, SENDER, TRACE_WAKING, .a = TID(SENDER)),
		VCPU(1190, TARGET, TRACE_WAKING, .a = TID(TARGET)),
		EVENT(1240, CPU(TARGET), 0, TRACE_SWITCH, .a = TID(TARGET)),
		VCPU(1290, TARGET, TRACE_KVM_ENTRY, .a = SENDER));
	ASSERT_NONE_TAKEN(
		SPAN_PULSE,
		EVENT(1015, MAIN_CPU, MAIN_TID, TRACE_KVM_ACCEPT_IRQ, .a = 2),
		VCPU(1100, SENDER, TRACE_KVM_ENTRY, .a = TARGET));
	ASSERT_NONE_TAKEN(SPAN_SELF, VCPU(1005, SENDER, TRACE_KVM_EXIT, .a = 0),
			  VCPU(1030, 2, TRACE_KVM_ENTRY, .a = TARGET));
}

TEST(stages_keep_to_the_order)
{
	struct explained e;
	struct traced t;
	uint64_t end;

	traced_init(&t);
	/* No wake-up behind the ICR, but one before. */
	end = traced_sample(&t, SPAN_IPI, BEGIN, traced_took, 1u << 3);
	traced_add(&t,
		   EVENT(1030, CPU(SENDER), TID(SENDER), TRACE_WAKING,
			 .a = TID(TARGET)),
		   NULL);
	e = traced_cut(&t, SPAN_IPI, BEGIN, end);
	assert_int_equal(e.cut.found, 0x1ff & ~8u);
	traced_free(&t);
}

TEST(stages_are_of_events_from_begin_to_end)
{
	const uint64_t none[STAGES_MAX] = {0, 110};
	struct explained e;
	struct traced t;

	traced_init(&t);
	assert_int_equal(traced_sample(&t, SPAN_IPI, BEGIN, none, 0), 1110);
	e = traced_cut(&t, SPAN_IPI, BEGIN, 1110);
	assert_int_equal(e.cut.found, 0x1ff);
	/* One less at the begin, then at the end. */
	e = traced_cut(&t, SPAN_IPI, BEGIN + 1, 1110);
	assert_int_equal(e.cut.found, 0x1fe);
	e = traced_cut(&t, SPAN_IPI, BEGIN, 1109);
	assert_int_equal(e.cut.found, 0x100);
	assert_int_equal(e.cut.at[8], 1109);
	traced_free(&t);
}
