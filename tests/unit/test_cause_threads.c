/* SPDX-License-Identifier: BSD-2-Clause */
/* test_cause_threads.c - causes that are threads, and what causes are called.
 */
#include <stdio.h>
#include <string.h>

#include "tests/unit/traced.h"
#include "tests/unit/unit.h"
#include "vmm/host/check.h"

TEST(cause_kinds_have_a_name_a_text_and_an_advice_each)
{
	static const char *const names[NR_CAUSES] = {
		"nothing",	   "thread",	"own_thread", "throttled",
		"timer_interrupt", "interrupt", "softirq",    "irq_work",
		"workqueue",	   "page_fault"};
	static const char *const texts[NR_CAUSES] = {
		"nothing recorded", "thread",
		"latvisor's",	    "throttled, or the fair server",
		"timer interrupt",  "interrupt",
		"softirq",	    "irq_work",
		"workqueue",	    "page fault of the guest"};

	for (enum cause_kind i = 0; i < NR_CAUSES; i++) {
		struct cause c = {.kind = i};

		assert_true(strlen(cause_advice(&c)) > 20);
		assert_string_equal(cause_kind_name(i), names[i]);
		assert_string_equal(cause_text(i), texts[i]);
		for (enum cause_kind k = 0; k < i; k++)
			assert_string_not_equal(
				cause_advice(&c),
				cause_advice(&(struct cause){.kind = k}));
	}
}

static void assert_leads_to(enum cause_kind kind, const char *name,
			    const char *checks)
{
	struct cause c = {.kind = kind};

	snprintf(c.name, sizeof(c.name), "%s", name);
	assert_string_equal(cause_checks(&c), checks);
}

/* Of each kind of a cause, and of names that have checks of their own. */
TEST(cause_leads_to_checks_that_doctor_has)
{
	static const char *const names[] = {
		"",
		"tick_nohz_handler",
		"tick_nohz_handler, kept by RCU",
		"tick_nohz_handler, kept by PERF_EVENTS",
		"tick_nohz_handler, kept by CLOCK_UNSTABLE",
		"tick_nohz_handler, kept by SCHED",
		"watchdog_timer_fn",
		"apic_timer_fn",
		"RCU",
		"NET_RX",
		"BLOCK",
		"TIMER",
		"vmstat_update"};

	for (enum cause_kind kind = 0; kind < NR_CAUSES; kind++)
		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
			struct cause c = {.kind = kind};
			const char *group;
			char text[128];

			snprintf(c.name, sizeof(c.name), "%s", names[i]);
			snprintf(text, sizeof(text), "%s", cause_checks(&c));
			/* Behind "       latvisor doctor: ". */
			assert_true(strlen(text) <= 79 - 24);
			for (char *at = text, *name;
			     (name = strsep(&at, ",")) != NULL;)
				if (!check_find(name + (*name == ' '), &group))
					fail_msg("'%s' is no check", name);
		}
	assert_leads_to(CAUSE_THROTTLED, "", "rt-throttling, fair-server");
	assert_leads_to(CAUSE_TIMER, "tick_sched_timer", "nohz-full");
	assert_leads_to(CAUSE_TIMER, "tick_sched_timer, kept by RCU_EXP",
			"rcu-nocbs, rcu-patience");
	assert_leads_to(CAUSE_TIMER, "tick_nohz_handler, kept by SCHED",
			"isolated, kernel-threads, user-tasks");
	assert_leads_to(CAUSE_SOFTIRQ, "RCU", "rcu-nocbs");
	assert_leads_to(CAUSE_WORK, "vmstat_update", "stat-interval");
	assert_leads_to(CAUSE_WORK, "wb_workfn",
			"global-workqueues, workqueues");
	/* A thread is one, whatever it is called. */
	assert_leads_to(CAUSE_THREAD, "tick_",
			"isolated, kernel-threads, user-tasks");
}

/* Where a switch was not recorded, events of another thread tell of it. */
TEST(cause_is_a_thread_that_no_switch_told_of)
{
	struct traced t;

	traced_init(&t);
	traced_on(&t, 900, TID(TARGET), TRACE_KVM_EXIT, 0, NULL);
	traced_on(&t, 1200, OTHER_TID, TRACE_WAKING, 7, NULL);
	traced_on(&t, 1300, OTHER_TID, TRACE_LOCAL_TIMER, 0, NULL);
	traced_on(&t, 1310, OTHER_TID, TRACE_LOCAL_TIMER_EXIT, 0, NULL);
	traced_on(&t, 1400, TID(TARGET), TRACE_KVM_ENTRY, TARGET, NULL);
	assert_cause(&t, CAUSE_THREAD, "55", 190);
	/* A switch from another one than was known to run; the idle task. */
	traced_init(&t);
	traced_on(&t, 1100, TID(TARGET), TRACE_SWITCH, OTHER_TID, "bash");
	traced_on(&t, 1150, MAIN_TID, TRACE_SWITCH, OTHER_TID, "bash");
	traced_on(&t, 1170, 0, TRACE_WAKING, 7, NULL);
	assert_cause(&t, CAUSE_THREAD, "bash", 50 + 20);
	/* From the idle task it is since that one's last event. */
	traced_init(&t);
	traced_on(&t, 1100, 0, TRACE_LOCAL_TIMER_EXIT, 0, NULL);
	traced_on(&t, 1900, OTHER_TID, TRACE_SWITCH, TID(TARGET), "vcpu");
	assert_cause(&t, CAUSE_THREAD, "55", 800);
	/* Not on another CPU. */
	traced_init(&t);
	traced_add(&t, EVENT(1100, CPU(2), OTHER_TID, TRACE_WAKING), NULL);
	traced_on(&t, 1900, TID(TARGET), TRACE_WAKING, 7, NULL);
	assert_cause(&t, CAUSE_NOTHING, "", 0);
}

/* From one thread to another of that priority. */
static void yield(struct traced *t, uint64_t tsc, int32_t from, int32_t next,
		  uint64_t state, uint64_t prio)
{
	traced_add(t,
		   EVENT(tsc, CPU(TARGET), from, TRACE_SWITCH,
			 .a = (uint64_t)next, .b = state, .c = prio),
		   "bash");
}

TEST(cause_is_throttled_if_an_ordinary_thread_had_its_turn)
{
	static const struct {
		int32_t from;
		uint64_t state, prio;
		bool realtime, is;
	} cases[] = {
		{TID(TARGET), 0, 100, true, true},
		{TID(TARGET), 0, 139, true, true},
		{TID(TARGET), 0, 99, true, false},
		{TID(TARGET), 1, 120, true, false},
		{TID(TARGET), 0, 120, false, false},
		{TID(2), 0, 120, true, false},
	};
	struct traced t;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		bool is = cases[i].is;

		traced_init(&t);
		t.host.realtime = cases[i].realtime;
		yield(&t, 900, 0, cases[i].from, 0, 10);
		yield(&t, 1000, cases[i].from, OTHER_TID, cases[i].state,
		      cases[i].prio);
		yield(&t, 1100, OTHER_TID, TID(TARGET), 0, 10);
		assert_cause(&t, is ? CAUSE_THROTTLED : CAUSE_THREAD,
			     is ? "" : "bash", 100);
	}
	/* Whoever comes then, until it runs again; but for our own. */
	traced_init(&t);
	t.host.realtime = true;
	yield(&t, 1000, TID(TARGET), OTHER_TID, 0, 120);
	yield(&t, 1100, OTHER_TID, OTHER_TID + 1, 1, 120);
	yield(&t, 1250, OTHER_TID + 1, MAIN_TID, 0, 120);
	yield(&t, 1500, MAIN_TID, OTHER_TID, 0, 120);
	yield(&t, 1510, OTHER_TID, TID(TARGET), 0, 10);
	yield(&t, 1520, TID(TARGET), OTHER_TID, 1, 120);
	yield(&t, 1700, OTHER_TID, TID(TARGET), 0, 10);
	assert_cause(&t, CAUSE_THROTTLED, "", 100 + 150 + 10);
	/* It ran again; that it was switched out then was not recorded. */
	traced_init(&t);
	t.host.realtime = true;
	yield(&t, 1000, TID(TARGET), OTHER_TID, 0, 120);
	yield(&t, 1010, OTHER_TID, TID(TARGET), 0, 10);
	traced_on(&t, 1100, OTHER_TID, TRACE_WAKING, 7, NULL);
	assert_cause(&t, CAUSE_THREAD, "bash", 900);
}

/* To others that came and went. */
TEST(cause_is_throttled_if_it_gave_way_long_before)
{
	struct traced t;

	traced_init(&t);
	t.host.realtime = true;
	yield(&t, 900, TID(TARGET), OTHER_TID, 0, 120);
	yield(&t, 910, OTHER_TID, OTHER_TID + 1, 1, 120);
	yield(&t, 920, OTHER_TID + 1, OTHER_TID, 1, 120);
	yield(&t, 1300, OTHER_TID, TID(TARGET), 0, 10);
	assert_cause(&t, CAUSE_THROTTLED, "", 300);
	/* Before, it ran again, and slept of itself; or that was not recorded.
	 */
	for (int slept = 0; slept <= 1; slept++) {
		traced_init(&t);
		t.host.realtime = true;
		yield(&t, 800, TID(TARGET), OTHER_TID, 0, 120);
		yield(&t, 810, OTHER_TID, TID(TARGET), 0, 10);
		if (slept)
			yield(&t, 820, TID(TARGET), OTHER_TID, 1, 120);
		yield(&t, 910, OTHER_TID, OTHER_TID + 1, 1, 120);
		yield(&t, 920, OTHER_TID + 1, OTHER_TID, 1, 120);
		yield(&t, 1300, OTHER_TID, TID(TARGET), 0, 10);
		assert_cause(&t, CAUSE_THREAD, "bash", 300);
	}
}
