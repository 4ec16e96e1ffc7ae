/* SPDX-License-Identifier: BSD-2-Clause */
/* cause.c - see cause.h. */
#include <stdbool.h>
#include <string.h>

#include "vmm/result/cause.h"

const char *softirq_name(uint64_t nr)
{
	static const char *const names[] = {
		"HI",	    "TIMER",   "NET_TX", "NET_RX",  "BLOCK",
		"IRQ_POLL", "TASKLET", "SCHED",	 "HRTIMER", "RCU"};

	return nr < sizeof(names) / sizeof(*names) ? names[nr] : "unknown";
}

const char *tick_keeper_name(uint64_t dependency)
{
	/* enum tick_dep_bits, include/linux/tick.h */
	static const char *const names[] = {"POSIX_TIMER", "PERF_EVENTS",
					    "SCHED",	   "CLOCK_UNSTABLE",
					    "RCU",	   "RCU_EXP"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (dependency & 1u << i)
			return names[i];
	return "unknown";
}

bool cause_is_tick(const struct cause *c)
{
	static const char *const ticks[] = {"tick_sched_timer", /* until 6.10 */
					    "tick_nohz_handler"};
	size_t len = strcspn(c->name, ",");

	for (size_t i = 0; i < sizeof(ticks) / sizeof(*ticks); i++)
		if (c->kind == CAUSE_TIMER && len == strlen(ticks[i]) &&
		    memcmp(c->name, ticks[i], len) == 0)
			return true;
	return false;
}

const char *cause_kind_name(enum cause_kind kind)
{
	static const char *const names[NR_CAUSES] = {
		[CAUSE_NOTHING] = "nothing",
		[CAUSE_THREAD] = "thread",
		[CAUSE_OWN_THREAD] = "own_thread",
		[CAUSE_THROTTLED] = "throttled",
		[CAUSE_TIMER] = "timer_interrupt",
		[CAUSE_IRQ] = "interrupt",
		[CAUSE_SOFTIRQ] = "softirq",
		[CAUSE_IRQ_WORK] = "irq_work",
		[CAUSE_WORK] = "workqueue",
		[CAUSE_PAGE_FAULT] = "page_fault",
	};

	return names[kind];
}

const char *cause_text(enum cause_kind kind)
{
	switch (kind) {
	case CAUSE_NOTHING:
		return "nothing recorded";
	case CAUSE_OWN_THREAD:
		return "latvisor's";
	case CAUSE_THROTTLED:
		return "throttled, or the fair server";
	case CAUSE_TIMER:
		return "timer interrupt";
	case CAUSE_PAGE_FAULT:
		return "page fault of the guest";
	default:
		return cause_kind_name(kind);
	}
}

const char *cause_advice(const struct cause *c)
{
	static const char *const advice[NR_CAUSES] = {
		[CAUSE_NOTHING] = "an SMI, the hardware or an outer "
				  "hypervisor: see what 'run noise' counts",
		[CAUSE_THREAD] = "keep it off that CPU: isolcpus, a cpuset, "
				 "the thread's own affinity",
		[CAUSE_OWN_THREAD] = "give each vCPU a CPU, and leave one to "
				     "the main thread: --cpus",
		[CAUSE_THROTTLED] = "sched_rt_runtime_us = -1; the fair "
				    "server's runtime of that CPU: 0",
		[CAUSE_TIMER] = "keep off that CPU who set that timer, or "
				"the work that it is for",
		[CAUSE_IRQ] = "move it: /proc/irq/N/smp_affinity, irqaffinity=",
		[CAUSE_SOFTIRQ] = "move what raises it: nohz_full, "
				  "/proc/irq/N/smp_affinity",
		[CAUSE_IRQ_WORK] = "see what queues it: RCU (rcu_nocbs), perf",
		[CAUSE_WORK] = "workqueue.cpumask, the queue's own cpumask",
		[CAUSE_PAGE_FAULT] = "memory of the guest that is not there, "
				     "moves, or is logged",
	};

	if (cause_is_tick(c) && strchr(c->name, ','))
		return "nohz_full is in force there: what keeps the tick has "
		       "to go";
	if (cause_is_tick(c))
		return "nohz_full for that CPU; with one thread there its "
		       "tick then stops";
	return advice[c->kind];
}
