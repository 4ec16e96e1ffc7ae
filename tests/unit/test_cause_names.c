/* SPDX-License-Identifier: BSD-2-Clause */
/* test_cause_names.c - causes that have a function's name, or an address. */
#include <string.h>

#include "tests/unit/traced.h"
#include "tests/unit/unit.h"

#define TICK "tick_nohz_handler"

/* A timer interrupt with a function at tick and another one at wakeup. */
static void timers(struct traced *t, uint64_t from, uint64_t tick,
		   uint64_t wakeup, uint64_t until)
{
	traced_on(t, from, TID(TARGET), TRACE_LOCAL_TIMER, 0, NULL);
	traced_on(t, tick, TID(TARGET), TRACE_HRTIMER, 77, TICK);
	traced_on(t, wakeup, TID(TARGET), TRACE_HRTIMER, 78, "hrtimer_wakeup");
	traced_on(t, until, TID(TARGET), TRACE_LOCAL_TIMER_EXIT, 0, NULL);
}

TEST(cause_is_the_function_of_a_timer_that_took_longest)
{
	struct traced t;

	traced_init(&t);
	timers(&t, 1100, 1110, 1150, 1180);
	assert_cause(&t, CAUSE_TIMER, TICK, 80);
	traced_init(&t);
	timers(&t, 1100, 1110, 1140, 1180);
	assert_cause(&t, CAUSE_TIMER, "hrtimer_wakeup", 80);
	/* The first of those that took as long. */
	traced_init(&t);
	timers(&t, 1100, 1110, 1140, 1170);
	assert_cause(&t, CAUSE_TIMER, TICK, 70);
	/* It is one cause, whatever there was before its function. */
	traced_init(&t);
	timers(&t, 1100, 1170, 1172, 1180);
	traced_irq(&t, 1300, 1375, "nvme0q1");
	assert_cause(&t, CAUSE_TIMER, "hrtimer_wakeup", 80);
	traced_init(&t);
	timers(&t, 1100, 1170, 1172, 1180);
	traced_irq(&t, 1300, 1381, "nvme0q1");
	assert_cause(&t, CAUSE_IRQ, "nvme0q1", 81);
	/* Of another interrupt it is not. */
	traced_init(&t);
	traced_on(&t, 1100, 0, TRACE_SOFTIRQ, 8, NULL);
	traced_on(&t, 1110, 0, TRACE_HRTIMER, 77, TICK);
	traced_on(&t, 1200, 0, TRACE_SOFTIRQ_EXIT, 8, NULL);
	traced_on(&t, 1210, 0, TRACE_HRTIMER, 77, TICK);
	assert_cause(&t, CAUSE_SOFTIRQ, "HRTIMER", 100);
}

TEST(cause_is_a_function_that_is_unknown)
{
	struct traced t;

	traced_init(&t);
	traced_on(&t, 1100, 0, TRACE_LOCAL_TIMER, 0, NULL);
	traced_on(&t, 1110, 0, TRACE_HRTIMER, 77, NULL);
	traced_on(&t, 1200, 0, TRACE_LOCAL_TIMER_EXIT, 0, NULL);
	assert_cause(&t, CAUSE_TIMER, "unknown function", 100);
}

/* What the vCPU waits for comes with a timer interrupt. */
TEST(cause_is_a_timer_that_came_behind_the_one_that_was_waited_for)
{
	struct traced t;

	/* Which begins at the interrupt, at the function. */
	traced_init(&t);
	timers(&t, 900, 1000, 1001, 1002);
	assert_cause(&t, CAUSE_TIMER, "hrtimer_wakeup", 1);
	traced_init(&t);
	timers(&t, 900, 950, 1000, 1500);
	assert_cause(&t, CAUSE_NOTHING, "", 0);
	traced_init(&t);
	timers(&t, 1000, 1000, 1900, 2100);
	assert_cause(&t, CAUSE_TIMER, "hrtimer_wakeup", 100);
}

/* Whether the tick could stop, and what keeps it, a little before. */
static void assert_keeper(uint64_t could, uint64_t dependency, int cpu,
			  const char *name)
{
	struct traced t;

	traced_init(&t);
	traced_add(&t,
		   EVENT(500, (uint16_t)cpu, 0, TRACE_TICK_STOP, .a = could,
			 .b = dependency),
		   NULL);
	timers(&t, 1100, 1110, 1175, 1180);
	assert_cause(&t, CAUSE_TIMER, name, 80);
}

TEST(cause_is_a_tick_and_what_keeps_it)
{
	static const char *const names[] = {
		TICK ", kept by POSIX_TIMER", TICK ", kept by PERF_EVENTS",
		TICK ", kept by SCHED",	      TICK ", kept by CLOCK_UNSTABLE",
		TICK ", kept by RCU",	      TICK ", kept by RCU_EXP",
		TICK ", kept by unknown"};
	struct cause tick = {.kind = CAUSE_TIMER, .name = TICK};
	struct cause kept = {.kind = CAUSE_TIMER, .name = TICK ", kept by RCU"};
	struct cause other = {.kind = CAUSE_TIMER,
			      .name = "tick_nohz_handlers"};
	struct traced t;

	for (unsigned int i = 0; i < 7; i++)
		assert_keeper(0, 1u << i, CPU(TARGET), names[i]);
	assert_keeper(0, 0xc, CPU(TARGET), names[2]);
	assert_keeper(0, UINT64_MAX << 6, CPU(TARGET), names[6]);
	/* It could; or another CPU's could not. */
	assert_keeper(1, 0, CPU(TARGET), TICK);
	assert_keeper(0, 4, CPU(2), TICK);
	/* Nothing keeps another timer; the last look counts. */
	traced_init(&t);
	traced_on(&t, 500, 0, TRACE_TICK_STOP, 0, NULL);
	timers(&t, 1100, 1110, 1111, 1180);
	assert_cause(&t, CAUSE_TIMER, "hrtimer_wakeup", 80);
	traced_init(&t);
	traced_on(&t, 500, 0, TRACE_TICK_STOP, 0, NULL);
	timers(&t, 1100, 1110, 1175, 1180);
	traced_on(&t, 1190, 0, TRACE_TICK_STOP, 1, NULL);
	assert_cause(&t, CAUSE_TIMER, TICK, 80);
	assert_true(cause_is_tick(&tick) && cause_is_tick(&kept));
	assert_false(cause_is_tick(&other));
	tick.kind = CAUSE_IRQ;
	assert_false(cause_is_tick(&tick));
	tick.kind = CAUSE_TIMER;
	assert_string_not_equal(cause_advice(&tick), cause_advice(&kept));
	assert_string_not_equal(cause_advice(&tick), cause_advice(&other));
	strcpy(tick.name, "tick_sched_timer");
	assert_true(cause_is_tick(&tick));
}

TEST(cause_is_the_work_that_a_queues_thread_did)
{
	static const struct {
		const char *thread;
		uint64_t end;
		enum cause_kind kind;
		const char *name;
		uint64_t took;
	} works[] = {
		{"kworker/1:0", 1390, CAUSE_WORK, "vmstat_update", 190},
		{"kworker/1:0", 1240, CAUSE_WORK, "kworker/1:0", 260},
		/* A rescuer has its queue's name. */
		{"writeback", 1390, CAUSE_WORK, "vmstat_update", 190},
		{"writeback", 1240, CAUSE_THREAD, "writeback", 260},
		{NULL, 1390, CAUSE_WORK, "vmstat_update", 190},
	};
	struct traced t;

	for (size_t i = 0; i < sizeof(works) / sizeof(*works); i++) {
		traced_init(&t);
		traced_ran(&t, 1100, 1400, OTHER_TID, works[i].thread);
		traced_on(&t, 1200, OTHER_TID, TRACE_WORK, 5, "vmstat_update");
		traced_on(&t, works[i].end, OTHER_TID, TRACE_WORK_END, 5,
			  "vmstat_update");
		if (works[i].end == 1240)
			traced_on(&t, 1240, OTHER_TID, TRACE_WAKING, 7, NULL);
		traced_on(&t, 1500, TID(TARGET), TRACE_WORK, 5, "own");
		assert_cause(&t, works[i].kind, works[i].name, works[i].took);
	}
	/* It was at it before. */
	traced_init(&t);
	traced_on(&t, 500, 0, TRACE_SWITCH, OTHER_TID, "kworker/1:0");
	traced_on(&t, 600, OTHER_TID, TRACE_WORK, 5, "wb_workfn");
	traced_on(&t, 1300, OTHER_TID, TRACE_WORK_END, 5, "wb_workfn");
	traced_on(&t, 1301, OTHER_TID, TRACE_SWITCH, TID(TARGET), "vcpu");
	assert_cause(&t, CAUSE_WORK, "wb_workfn", 300);
}

TEST(cause_is_a_page_fault_of_the_guest)
{
	struct traced t;

	/* Until the vCPU goes on, asleep or not. */
	traced_init(&t);
	traced_on(&t, 1100, TID(TARGET), TRACE_PAGE_FAULT, 0x12345000, NULL);
	traced_on(&t, 1200, TID(TARGET), TRACE_SWITCH, 0, "idle");
	traced_on(&t, 1250, 0, TRACE_IRQ, 30, "nvme0q1");
	traced_on(&t, 1260, 0, TRACE_IRQ_EXIT, 30, NULL);
	traced_on(&t, 1300, 0, TRACE_SWITCH, TID(TARGET), "vcpu");
	traced_on(&t, 1350, TID(TARGET), TRACE_KVM_ENTRY, TARGET, NULL);
	assert_cause(&t, CAUSE_PAGE_FAULT, "0x12345000", 240);
	/* Two, of which the second took longer. */
	traced_init(&t);
	traced_on(&t, 1100, TID(TARGET), TRACE_PAGE_FAULT, 1, NULL);
	traced_on(&t, 1200, TID(TARGET), TRACE_PAGE_FAULT, UINT64_MAX, NULL);
	traced_on(&t, 1301, TID(TARGET), TRACE_KVM_APIC_IPI, 0, NULL);
	assert_cause(&t, CAUSE_PAGE_FAULT, "0xffffffffffffffff", 101);
	/* Not another vCPU's. */
	traced_init(&t);
	traced_on(&t, 1000, TID(2), TRACE_PAGE_FAULT, 1, NULL);
	assert_cause(&t, CAUSE_OWN_THREAD, "vCPU 2", 1000);
	/* One from before counts if the vCPU has not been in the guest since.
	 */
	for (unsigned int i = 0; i < 4; i++) {
		bool is = i == 1;

		traced_init(&t);
		traced_on(&t, 100, 0, TRACE_SWITCH, TID(TARGET), "vcpu");
		if (i)
			traced_on(&t, 200, TID(TARGET), TRACE_KVM_EXIT, 0,
				  NULL);
		traced_on(&t, 300, TID(TARGET), TRACE_PAGE_FAULT, 1, NULL);
		if (i == 2)
			traced_on(&t, 400, TID(TARGET), TRACE_KVM_ENTRY, 0,
				  NULL);
		if (i == 3)
			traced_on(&t, 500, TID(TARGET), TRACE_KVM_ACCEPT_IRQ, 0,
				  NULL);
		assert_cause(&t, is ? CAUSE_PAGE_FAULT : CAUSE_NOTHING,
			     is ? "0x1" : "", is ? 1000 : 0);
	}
}

/* An interrupt waits for no thread, and for no softirq. */
TEST(cause_of_a_late_interrupt_is_an_interrupt)
{
	static const struct {
		enum trace_kind from, to;
		bool is;
	} kinds[] = {
		{TRACE_LOCAL_TIMER, TRACE_LOCAL_TIMER_EXIT, true},
		{TRACE_IRQ, TRACE_IRQ_EXIT, true},
		{TRACE_IRQ_WORK, TRACE_IRQ_WORK_EXIT, true},
		{TRACE_SOFTIRQ, TRACE_SOFTIRQ_EXIT, false},
		{TRACE_SWITCH, TRACE_SWITCH, false},
		{TRACE_PAGE_FAULT, TRACE_KVM_ENTRY, false},
	};
	struct cause_place place = {.cpu = CPU(TARGET),
				    .vcpu = TARGET,
				    .begin = TRACED_BEGIN,
				    .end = CAUSE_END,
				    .is_interrupt = true};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct traced t;
		struct cause c;

		traced_init(&t);
		traced_on(&t, 1100, TID(TARGET), kinds[i].from, OTHER_TID, "x");
		traced_on(&t, 1300, TID(TARGET), kinds[i].to, TID(TARGET), "y");
		c = cause_find(&t.log, &t.host, &place);
		assert_int_equal(c.tsc, kinds[i].is ? 200 : 0);
		place.is_interrupt = false;
		c = cause_find(&t.log, &t.host, &place);
		assert_true(c.tsc >= 200);
		place.is_interrupt = true;
		traced_free(&t);
	}
}
