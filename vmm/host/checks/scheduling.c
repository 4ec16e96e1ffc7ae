/* SPDX-License-Identifier: BSD-2-Clause */
/* scheduling.c - checks of what takes the CPU away from a SCHED_FIFO thread. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/host/check_look.h"

#define SYSCTL	     "Documentation/admin-guide/sysctl/kernel.rst"
#define RT_GROUP     "Documentation/scheduler/sched-rt-group.rst"
#define PARAMETERS   "Documentation/admin-guide/kernel-parameters.txt"
#define RAISE	     "for t in {at}; do chrt -f -p {prio} $t; done"
#define SERVER(name) "sys/kernel/debug/sched/" name "/cpu{cpu}/runtime"

static void look_realtime(const struct check *c, const struct check_host *h,
			  struct check_found *f)
{
	char text[CHECK_TEXT_LEN];

	if (!check_read(c, h, f, 0, text))
		return;
	found_is(c, f, strstr(text, "PREEMPT_RT") != NULL, "%s",
		 strstr(text, "PREEMPT_RT")	   ? "PREEMPT_RT"
		 : strstr(text, "PREEMPT_DYNAMIC") ? "PREEMPT_DYNAMIC"
		 : strstr(text, "PREEMPT")	   ? "PREEMPT"
						   : "not preemptible");
}

static bool tasks_known(const struct check_host *h, struct check_found *f)
{
	if (!h->tasks.known)
		found_unknown(f, "/proc has no processes");
	return h->tasks.known;
}

static void look_stalld(const struct check *c, const struct check_host *h,
			struct check_found *f)
{
	const struct task *t = tasks_find(&h->tasks, c->want);

	if (!tasks_known(h, f))
		return;
	if (t)
		found_bad(c, f, "running, PID %d", t->pid);
	else
		found_good(f, "not running");
}

/* The thread c->want of each of the vCPUs' CPUs, by its priority. */
static void look_priority(const struct check *c, const struct check_host *h,
			  struct check_found *f)
{
	int prio = 0, nr = 0;
	size_t at = 0;

	for (int cpu = cpumask_next(&h->vcpus, 0); cpu >= 0;
	     cpu = cpumask_next(&h->vcpus, cpu + 1)) {
		const struct task *t = tasks_find_on(&h->tasks, c->want, cpu);

		if (!t)
			continue;
		nr++;
		prio = t->prio;
		if (prio > h->prio)
			continue;
		if (at == 0)
			found_bad(c, f, "%s at %s%d, vCPUs at %d", t->name,
				  prio ? "" : "ordinary ", prio, h->prio);
		if (at < sizeof(f->at) - 8)
			at += (size_t)snprintf(f->at + at, sizeof(f->at) - at,
					       at ? " %d" : "%d", t->tid);
	}
	if (at)
		return;
	if (nr)
		found_good(f, "%d, vCPUs at %d", prio, h->prio);
	else if (tasks_known(h, f))
		found_unknown(f, "there is no thread %s", c->want);
}

#define CAP_IPC_LOCK_BIT 14 /* include/uapi/linux/capability.h */
#define CAP_SYS_NICE_BIT 23

/* May this process, in spite of its limits? */
static bool capable(const struct check_host *h, int bit)
{
	char text[CHECK_TEXT_LEN], why[TREE_WHY_LEN], *at;

	if (tree_read(&h->tree, "proc/self/status", text, sizeof(text), why))
		return false;
	at = strstr(text, "\nCapEff:");
	return at && strtoull(at + 8, NULL, 16) >> bit & 1;
}

static void judge_limit(const struct check *c, const struct check_host *h,
			struct check_found *f, int capability)
{
	char text[CHECK_TEXT_LEN], soft[32] = "", *at;

	if (!check_read(c, h, f, 0, text))
		return;
	at = strstr(text, c->want);
	if (!at || sscanf(at + strlen(c->want), " %31s", soft) != 1)
		found_unknown(f, "/proc/self/limits has no '%s'", c->want);
	else if (strcmp(soft, "unlimited") == 0 ||
		 strtoll(soft, NULL, 10) >= c->min)
		found_good(f, "%s", soft);
	else if (capable(h, capability))
		found_good(f, "%s, but for a capability", soft);
	else
		found_bad(c, f, "%s", soft);
}

static void look_rtprio(const struct check *c, const struct check_host *h,
			struct check_found *f)
{
	judge_limit(c, h, f, CAP_SYS_NICE_BIT);
}

static void look_memlock(const struct check *c, const struct check_host *h,
			 struct check_found *f)
{
	judge_limit(c, h, f, CAP_IPC_LOCK_BIT);
}

CHECKS(scheduling, 50,
       {.name = "rt-throttling",
	.bad = CHECK_FAIL,
	.weight = 10,
	.good = "-1",
	.look = look_number,
	.min = -1,
	.max = -1,
	.path = "proc/sys/kernel/sched_rt_runtime_us",
	.why = "SCHED_FIFO threads get that many us of each second: 950000 "
	       "costs them 50 ms (from Linux 6.12 on fair-server takes them).",
	.run = "echo -1 > /proc/sys/kernel/sched_rt_runtime_us",
	.source = RT_GROUP},
       {.name = "preempt-rt",
	.bad = CHECK_FAIL,
	.weight = 9,
	.good = "PREEMPT_RT",
	.look = look_realtime,
	.path = "proc/version",
	.why = "Without PREEMPT_RT the kernel's locks and softirqs keep a "
	       "thread from its CPU for as long as they like.",
	.other = "a kernel with CONFIG_PREEMPT_RT",
	.source = "Documentation/core-api/real-time/differences.rst"},
       {.name = "fair-server",
	.bad = CHECK_FAIL,
	.weight = 8,
	.good = "0",
	.look = look_number,
	.min = 0,
	.max = 0,
	.path = SERVER("fair_server"),
	.why = "An ordinary task that waits on the CPU gets so many ns of each "
	       "second, whatever a vCPU's priority.",
	.run = "echo 0 > /" SERVER("fair_server"),
	.anchor = "sys/kernel/debug/sched",
	.absent_is = CHECK_PASS,
	.source = RT_GROUP},
       {.name = "ext-server",
	.bad = CHECK_WARN,
	.weight = 3,
	.good = "0",
	.look = look_number,
	.min = 0,
	.max = 0,
	.path = SERVER("ext_server"),
	.why = "So does a task of sched_ext, where there are such.",
	.run = "echo 0 > /" SERVER("ext_server"),
	.anchor = "sys/kernel/debug/sched",
	.absent_is = CHECK_PASS,
	.source = RT_GROUP},
       {.name = "stalld",
	.bad = CHECK_WARN,
	.weight = 5,
	.good = "not running",
	.look = look_stalld,
	.want = "stalld",
	.why = "It gives tasks that starve behind a vCPU some of the vCPU's "
	       "time.",
	.run = "systemctl stop stalld",
	.source = "stalld(8)"},
       {.name = "rcuc-priority",
	.bad = CHECK_FAIL,
	.weight = 7,
	.good = "above the vCPUs'",
	.look = look_priority,
	.want = "rcuc",
	.why = "A vCPU that spins above RCU's thread holds up the whole "
	       "machine's RCU.",
	.run = RAISE,
	.boot = "rcutree.kthread_prio={prio}",
	.other = "vCPUs below it: latvisor run --prio",
	.source = PARAMETERS ", tuned realtime-virtual-host"},
       {.name = "ktimers-priority",
	.bad = CHECK_WARN,
	.weight = 5,
	.good = "above the vCPUs'",
	.look = look_priority,
	.want = "ktimers",
	.why = "On PREEMPT_RT a vCPU that spins above it holds up the CPU's "
	       "timers.",
	.run = RAISE,
	.other = "vCPUs below it: latvisor run --prio",
	.source = "tuned realtime"},
       {.name = "ksoftirqd-priority",
	.bad = CHECK_WARN,
	.weight = 5,
	.good = "above the vCPUs'",
	.look = look_priority,
	.want = "ksoftirqd",
	.why = "A vCPU that spins above it holds up softirqs that were left to "
	       "it, of network and RCU among them.",
	.run = RAISE,
	.source = "tuned realtime"},
       {.name = "preemption",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = look_stated,
	.path = "sys/kernel/debug/sched/preempt",
	.why = "Where the kernel gives a CPU away; PREEMPT_RT has full or "
	       "lazy.",
	.boot = "preempt=full",
	.source = PARAMETERS},
       {.name = "rtprio-limit",
	.bad = CHECK_FAIL,
	.weight = 8,
	.good = "80 or more",
	.look = look_rtprio,
	.min = 80,
	.want = "Max realtime priority",
	.path = "proc/self/limits",
	.why = "Without the right to SCHED_FIFO vCPUs are ordinary threads.",
	.run = "ulimit -r 99",
	.other = "limits.conf: USER - rtprio 99",
	.source = "setrlimit(2)"},
       {.name = "memlock-limit",
	.bad = CHECK_FAIL,
	.weight = 7,
	.good = "unlimited",
	.look = look_memlock,
	.min = 4ll << 30,
	.want = "Max locked memory",
	.path = "proc/self/limits",
	.why = "Memory that is not locked can be taken away, and comes back by "
	       "a page fault.",
	.run = "ulimit -l unlimited",
	.other = "limits.conf: USER - memlock unlimited",
	.source = "setrlimit(2)"},
       {.name = "numa-balancing",
	.bad = CHECK_WARN,
	.weight = 5,
	.good = "0",
	.look = look_number,
	.min = 0,
	.max = 0,
	.path = "proc/sys/kernel/numa_balancing",
	.why = "It takes pages away to see by the faults who uses them.",
	.run = "echo 0 > /proc/sys/kernel/numa_balancing",
	.boot = "numa_balancing=disable",
	.source = SYSCTL,
	.anchor = "proc/sys/kernel/osrelease",
	.absent_is = CHECK_PASS},
       {.name = "timer-migration",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = look_stated,
	.path = "proc/sys/kernel/timer_migration",
	.why = "1 moves timers of idle CPUs to busy ones; sources disagree "
	       "which is better.",
	.run = "echo 0 > /proc/sys/kernel/timer_migration",
	.source = "tuned realtime (0), kernel default (1)"});
