/* SPDX-License-Identifier: BSD-2-Clause */
/* cause_checks.c - which of doctor's checks a cause leads to. */
#include <string.h>

#include "vmm/result/cause.h"

/* The first entry that matches a cause is its own. */
struct cause_match {
	enum cause_kind kind;
	const char *part; /* of its name; "": any */
	const char *checks;
};

/* A tick is kept where its name has ", kept by ". */
static const struct cause_match matches[] = {
	{CAUSE_NOTHING, "", "smis, hypervisor, idle-states"},
	{CAUSE_THREAD, "", "isolated, kernel-threads, user-tasks"},
	{CAUSE_OWN_THREAD, "", "housekeeping"},
	{CAUSE_THROTTLED, "", "rt-throttling, fair-server"},
	{CAUSE_TIMER, "kept by RCU", "rcu-nocbs, rcu-patience"},
	{CAUSE_TIMER, "kept by PERF_EVENTS", "nmi-watchdog"},
	{CAUSE_TIMER, "kept by CLOCK_UNSTABLE", "tsc-usable"},
	{CAUSE_TIMER, "kept by", "isolated, kernel-threads, user-tasks"},
	{CAUSE_TIMER, "tick_", "nohz-full"},
	{CAUSE_TIMER, "watchdog_timer_fn", "soft-watchdog"},
	{CAUSE_TIMER, "apic_timer_fn", "other-vcpus"},
	{CAUSE_TIMER, "", "isolated, kernel-threads, user-tasks"},
	{CAUSE_IRQ, "", "interrupt-affinity, managed-interrupts"},
	{CAUSE_SOFTIRQ, "RCU", "rcu-nocbs"},
	{CAUSE_SOFTIRQ, "NET_", "packet-steering, interrupt-affinity"},
	{CAUSE_SOFTIRQ, "BLOCK", "interrupt-affinity, managed-interrupts"},
	{CAUSE_SOFTIRQ, "TIMER", "nohz-full, tsc-watchdog, corrected-errors"},
	{CAUSE_SOFTIRQ, "", "nohz-full, interrupt-affinity"},
	{CAUSE_IRQ_WORK, "", "rcu-nocbs, nmi-watchdog"},
	{CAUSE_WORK, "vmstat_update", "stat-interval"},
	{CAUSE_WORK, "", "global-workqueues, workqueues"},
	{CAUSE_PAGE_FAULT, "", "memlock-limit, compact-locked, ksm"},
};

const char *cause_checks(const struct cause *c)
{
	const struct cause_match *m = matches;

	while (m->kind != c->kind || !strstr(c->name, m->part))
		m++;
	return m->checks;
}
