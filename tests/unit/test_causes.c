/* SPDX-License-Identifier: BSD-2-Clause */
/* test_causes.c - what kept a CPU from what it was to do. */
#include <string.h>

#include "tests/unit/traced.h"
#include "tests/unit/unit.h"

#define BEGIN	 TRACED_BEGIN
#define END	 CAUSE_END
#define NR_LISTS 3000u

TEST(cause_is_nothing_without_events)
{
	struct traced t;

	traced_init(&t);
	assert_cause(&t, CAUSE_NOTHING, "", 0);
	/* The target itself and the idle task are none. */
	traced_init(&t);
	traced_on(&t, 1100, TID(TARGET), TRACE_SWITCH, 0, "idle");
	traced_on(&t, 1500, 0, TRACE_SWITCH, TID(TARGET), "vcpu");
	assert_cause(&t, CAUSE_NOTHING, "", 0);
	/* Nor is what another CPU did. */
	traced_init(&t);
	traced_add(&t, EVENT(1100, CPU(2), 0, TRACE_SWITCH, .a = OTHER_TID),
		   "other");
	traced_add(&t, EVENT(900, CPU(2), OTHER_TID, TRACE_KVM_EXIT), NULL);
	assert_cause(&t, CAUSE_NOTHING, "", 0);
}

TEST(cause_has_each_kind_of_interrupt)
{
	static const struct {
		enum trace_kind from, to;
		enum cause_kind kind;
		uint64_t nr;
		const char *text, *name;
	} kinds[] = {
		{TRACE_LOCAL_TIMER, TRACE_LOCAL_TIMER_EXIT, CAUSE_TIMER, 0,
		 NULL, ""},
		{TRACE_IRQ, TRACE_IRQ_EXIT, CAUSE_IRQ, 30, "nvme0q1",
		 "nvme0q1"},
		{TRACE_SOFTIRQ, TRACE_SOFTIRQ_EXIT, CAUSE_SOFTIRQ, 3, NULL,
		 "NET_RX"},
		{TRACE_IRQ_WORK, TRACE_IRQ_WORK_EXIT, CAUSE_IRQ_WORK, 0, NULL,
		 ""},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct traced t;

		traced_init(&t);
		traced_on(&t, 1100, 0, kinds[i].from, kinds[i].nr,
			  kinds[i].text);
		traced_on(&t, 1345, 0, kinds[i].to, kinds[i].nr, NULL);
		assert_cause(&t, kinds[i].kind, kinds[i].name, 245);
	}
	assert_string_equal(softirq_name(0), "HI");
	assert_string_equal(softirq_name(9), "RCU");
	assert_string_equal(softirq_name(10), "unknown");
	assert_string_equal(softirq_name(UINT64_MAX), "unknown");
}

TEST(cause_is_the_thread_that_ran)
{
	static const struct {
		int32_t tid;
		enum cause_kind kind;
		const char *text, *name;
	} threads[] = {
		{OTHER_TID, CAUSE_THREAD, "bash", "bash"},
		{OTHER_TID, CAUSE_THREAD, NULL, "55"},
		{OTHER_TID, CAUSE_WORK, "kworker/5:1-events",
		 "kworker/5:1-events"},
		{OTHER_TID, CAUSE_THREAD, "kworker", "kworker"},
		{MAIN_TID, CAUSE_OWN_THREAD, "latvisor", "main thread"},
		{TID(2), CAUSE_OWN_THREAD, "vcpu2", "vCPU 2"},
		{TID(0), CAUSE_OWN_THREAD, "vcpu0", "vCPU 0"},
	};

	for (size_t i = 0; i < sizeof(threads) / sizeof(*threads); i++) {
		struct traced t;

		traced_init(&t);
		traced_ran(&t, 1200, 1500, threads[i].tid, threads[i].text);
		assert_cause(&t, threads[i].kind, threads[i].name, 300);
	}
}

TEST(cause_of_which_no_event_is_the_begin_is_known_all_the_same)
{
	struct traced t;

	/* It ran before the first event that is looked at. */
	traced_init(&t);
	traced_on(&t, 500, OTHER_TID, TRACE_WAKING, 7, "seven");
	traced_on(&t, 1300, OTHER_TID, TRACE_SWITCH, TID(TARGET), "vcpu");
	traced_on(&t, 2100, TID(TARGET), TRACE_SWITCH, OTHER_TID, "bash");
	assert_cause(&t, CAUSE_THREAD, "bash", 300);
	/* It was switched to then, and is not to be confused with who left. */
	traced_init(&t);
	traced_on(&t, 900, TID(TARGET), TRACE_SWITCH, OTHER_TID, "bash");
	traced_on(&t, 1400, OTHER_TID, TRACE_SWITCH, 0, "idle");
	assert_cause(&t, CAUSE_THREAD, "bash", 400);
}

TEST(cause_is_clipped_to_what_was_asked_about)
{
	static const enum trace_kind kinds[][2] = {
		{TRACE_LOCAL_TIMER, TRACE_LOCAL_TIMER_EXIT},
		{TRACE_IRQ, TRACE_IRQ_EXIT},
		{TRACE_SOFTIRQ, TRACE_SOFTIRQ_EXIT},
		{TRACE_IRQ_WORK, TRACE_IRQ_WORK_EXIT},
	};
	static const uint64_t times[][3] = {
		{900, 1250, 250},   {1700, 2400, 300}, {400, 2600, 1000},
		{1000, 2000, 1000}, {100, 999, 0},     {100, 1000, 0},
		{2000, 2100, 0},
	};

	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		uint64_t left = times[i][2];
		struct traced t;

		for (size_t k = 0; k < 4; k++) {
			/* A timer interrupt may be what is waited for. */
			bool none = k == 0 && times[i][0] < BEGIN;
			struct cause c;

			traced_init(&t);
			/* Something else on that CPU, before all. */
			traced_on(&t, 50, 0, TRACE_IRQ, 2, "old");
			traced_on(&t, 60, 0, TRACE_SWITCH, TID(TARGET), "vcpu");
			traced_on(&t, times[i][0], TID(TARGET), kinds[k][0], 0,
				  NULL);
			traced_on(&t, times[i][0] + 1, TID(TARGET),
				  TRACE_WAKING, 7, NULL);
			traced_on(&t, times[i][1], TID(TARGET), kinds[k][1], 0,
				  NULL);
			c = traced_cause(&t);
			assert_int_equal(c.tsc, none ? 0 : left);
			assert_int_equal(c.kind == CAUSE_NOTHING, c.tsc == 0);
		}
		traced_init(&t);
		traced_on(&t, times[i][0], TID(TARGET), TRACE_SWITCH, OTHER_TID,
			  "x");
		traced_on(&t, times[i][1], OTHER_TID, TRACE_SWITCH, 0, "idle");
		assert_cause(&t, left ? CAUSE_THREAD : CAUSE_NOTHING,
			     left ? "x" : "", left);
	}
}

/* Its end was lost: the CPU was in a thread since. */
TEST(cause_is_no_interrupt_that_a_thread_came_after)
{
	static const enum trace_kind after[] = {TRACE_KVM_ENTRY, TRACE_KVM_EXIT,
						TRACE_SWITCH, TRACE_WAKING};

	for (size_t i = 0; i < 4; i++) {
		struct traced t;

		traced_init(&t);
		traced_on(&t, 500, 0, TRACE_IRQ, 30, "nvme0q1");
		traced_on(&t, 600, 0, after[i], TID(TARGET), NULL);
		assert_int_equal(traced_cause(&t).kind,
				 i == 3 ? CAUSE_IRQ : CAUSE_NOTHING);
	}
}

TEST(cause_is_what_took_longest)
{
	struct traced t;

	traced_init(&t);
	traced_irq(&t, 1000, 1100, "first");
	traced_irq(&t, 1200, 1301, "longest");
	traced_irq(&t, 1400, 1500, "third");
	assert_cause(&t, CAUSE_IRQ, "longest", 101);
	/* The first of those that are as long. */
	traced_init(&t);
	traced_irq(&t, 1000, 1100, "first");
	traced_irq(&t, 1200, 1300, "second");
	assert_cause(&t, CAUSE_IRQ, "first", 100);
	/* What came several times takes all its times; not another's. */
	traced_init(&t);
	traced_ran(&t, 900, 1010, OTHER_TID, "bash");
	traced_irq(&t, 1020, 1080, "bash");
	traced_ran(&t, 1100, 1150, OTHER_TID + 1, "sh");
	traced_ran(&t, 1200, 1245, OTHER_TID, "bash");
	traced_ran(&t, 1990, 2100, OTHER_TID, "bash");
	assert_cause(&t, CAUSE_THREAD, "bash", 10 + 45 + 10);
	/* One within one of its kind is not longer than all. */
	traced_init(&t);
	traced_on(&t, 1000, 0, TRACE_IRQ_WORK, 0, NULL);
	traced_on(&t, 1100, 0, TRACE_IRQ_WORK, 0, NULL);
	assert_cause(&t, CAUSE_IRQ_WORK, "", END - BEGIN);
	/* More of them than have room. */
	traced_init(&t);
	for (int32_t i = 0; i < 60; i++)
		traced_ran(&t, 1010 + 10 * (uint64_t)i, 1015 + 10 * (uint64_t)i,
			   300 + i, NULL);
	assert_cause(&t, CAUSE_THREAD, "300", 5);
}

TEST(cause_is_what_the_cpu_was_in_last)
{
	struct traced t;

	/* In a thread. */
	traced_init(&t);
	traced_on(&t, 1100, TID(TARGET), TRACE_SWITCH, OTHER_TID, "bash");
	traced_on(&t, 1200, OTHER_TID, TRACE_IRQ, 30, "nvme0q1");
	traced_on(&t, 1290, OTHER_TID, TRACE_IRQ_EXIT, 30, NULL);
	traced_on(&t, 1300, OTHER_TID, TRACE_SWITCH, TID(TARGET), "vcpu");
	assert_cause(&t, CAUSE_THREAD, "bash", 110);
	/* Of the thread's time most was another's. */
	traced_init(&t);
	traced_on(&t, 1100, TID(TARGET), TRACE_SWITCH, OTHER_TID, "bash");
	traced_on(&t, 1110, OTHER_TID, TRACE_SOFTIRQ, 3, NULL);
	traced_on(&t, 1290, OTHER_TID, TRACE_SOFTIRQ_EXIT, 3, NULL);
	traced_on(&t, 1300, OTHER_TID, TRACE_SWITCH, TID(TARGET), "vcpu");
	assert_cause(&t, CAUSE_SOFTIRQ, "NET_RX", 180);
	/* In a softirq, over the target. */
	traced_init(&t);
	traced_on(&t, 1100, TID(TARGET), TRACE_SOFTIRQ, 1, NULL);
	traced_on(&t, 1200, TID(TARGET), TRACE_LOCAL_TIMER, 236, NULL);
	traced_on(&t, 1210, TID(TARGET), TRACE_IRQ_WORK, 0, NULL);
	traced_on(&t, 1220, TID(TARGET), TRACE_IRQ_WORK_EXIT, 0, NULL);
	traced_on(&t, 1280, TID(TARGET), TRACE_LOCAL_TIMER_EXIT, 236, NULL);
	traced_on(&t, 1300, TID(TARGET), TRACE_SOFTIRQ_EXIT, 1, NULL);
	assert_cause(&t, CAUSE_SOFTIRQ, "TIMER", 120);
	/* What has no end when another one ends, ended with it. */
	traced_init(&t);
	traced_on(&t, 1100, 0, TRACE_LOCAL_TIMER, 236, NULL);
	traced_on(&t, 1110, 0, TRACE_IRQ, 30, "nvme0q1");
	traced_on(&t, 1150, 0, TRACE_LOCAL_TIMER_EXIT, 236, NULL);
	traced_on(&t, 1155, 0, TRACE_IRQ_WORK, 0, NULL);
	traced_on(&t, 1160, 0, TRACE_IRQ_WORK_EXIT, 0, NULL);
	assert_cause(&t, CAUSE_IRQ, "nvme0q1", 40);
}

TEST(cause_takes_any_depth)
{
	struct traced t;

	/* Ends without a begin. */
	traced_init(&t);
	for (unsigned int i = 0; i < 20; i++)
		traced_on(&t, 1100 + i, 0, TRACE_IRQ_EXIT, i, NULL);
	assert_cause(&t, CAUSE_NOTHING, "", 0);
	/* Begins without an end: it is in the eighth, the ninth has no room. */
	traced_init(&t);
	for (unsigned int i = 0; i < 20; i++)
		traced_on(&t, 1100 + i, 0, TRACE_SOFTIRQ, i, NULL);
	assert_cause(&t, CAUSE_SOFTIRQ, "SCHED", 893);
	traced_init(&t);
	for (unsigned int i = 0; i < 20; i++)
		traced_on(&t, 1100 + i, 0, TRACE_SOFTIRQ, i, NULL);
	for (unsigned int i = 0; i < 30; i++)
		traced_on(&t, 1200 + i, 0, TRACE_SOFTIRQ_EXIT, i, NULL);
	assert_cause(&t, CAUSE_SOFTIRQ, "SCHED", 93);
}

TEST(cause_never_took_longer_than_the_time_that_was_asked_about)
{
	static const char *const texts[] = {"bash", "kworker/1:2", NULL};
	struct rng rng = {.state = 99};
	unsigned int kinds = 0;

	for (unsigned int i = 0; i < NR_LISTS; i++) {
		uint64_t nr = rng_below(&rng, 60);
		struct cause c;
		struct traced t;

		traced_init(&t);
		t.host.realtime = i % 2;
		for (uint64_t k = 0; k < nr; k++)
			traced_add(
				&t,
				EVENT(rng_below(&rng, 3000), CPU(TARGET),
				      (int32_t)rng_below(&rng, 104),
				      (uint8_t)rng_below(&rng, NR_TRACE_KINDS),
				      .a = rng_below(&rng, 104),
				      .c = rng_below(&rng, 140)),
				texts[rng_below(&rng, 3)]);
		c = traced_cause(&t);
		assert_in_range(c.kind, 0, NR_CAUSES - 1);
		assert_in_range(c.tsc, 0, END - BEGIN);
		assert_int_equal(c.tsc == 0, c.kind == CAUSE_NOTHING);
		kinds |= 1u << c.kind;
	}
	assert_int_equal(kinds, (1u << NR_CAUSES) - 1);
}
