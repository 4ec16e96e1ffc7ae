/* SPDX-License-Identifier: BSD-2-Clause */
/* debugging.c - checks of what watches the kernel, and costs time for it. */
#include <stdlib.h>
#include <string.h>

#include "vmm/host/check_look.h"

#define SYSCTL	"Documentation/admin-guide/sysctl/kernel.rst"
#define TRACING "sys/kernel/tracing/"

/* 0, or every so many seconds at most. */
static void look_hung_task(const struct check *c, const struct check_host *h,
			   struct check_found *f)
{
	char text[CHECK_TEXT_LEN];
	long long value;

	look_number(c, h, f);
	if (f->status != c->bad || !check_read(c, h, f, 0, text))
		return;
	value = strtoll(text, NULL, 10);
	found_is(c, f, value == 0, "%lld", value);
}

/* The watchdog is off, or not on vCPUs' CPUs. */
static void look_soft_watchdog(const struct check *c,
			       const struct check_host *h,
			       struct check_found *f)
{
	char text[CHECK_TEXT_LEN], why[TREE_WHY_LEN];

	if (tree_read(&h->tree, "proc/sys/kernel/watchdog", text, sizeof(text),
		      why) == 0 &&
	    strcmp(text, "0") == 0)
		found_good(f, "off");
	else
		look_avoids(c, h, f);
}

static void look_empty(const struct check *c, const struct check_host *h,
		       struct check_found *f)
{
	char text[CHECK_TEXT_LEN];

	if (!check_read(c, h, f, 0, text))
		return;
	if (*text == '\0') {
		found_good(f, "none");
		return;
	}
	text[strcspn(text, "\n")] = '\0';
	found_bad(c, f, "%s", text);
}

/* A debug kernel has a file that others have not. */
static void look_debug(const struct check *c, const struct check_host *h,
		       struct check_found *f)
{
	if (!tree_has(&h->tree, c->anchor))
		found_unknown(f, "/%s cannot be read", c->anchor);
	else
		found_is(c, f, !tree_has(&h->tree, c->path), "%s",
			 tree_has(&h->tree, c->path) ? "lockdep" : "none");
}

CHECKS(debugging, 55,
       {.name = "nmi-watchdog",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "0",
	.look = look_number,
	.min = 0,
	.max = 0,
	.path = "proc/sys/kernel/nmi_watchdog",
	.why = "An NMI looks at each CPU now and then, and takes a counter.",
	.run = "echo 0 > /proc/sys/kernel/nmi_watchdog",
	.boot = "nmi_watchdog=0",
	.source = SYSCTL,
	.anchor = "proc/sys/kernel/osrelease",
	.absent_is = CHECK_PASS},
       {.name = "soft-watchdog",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "off, or on other CPUs",
	.look = look_soft_watchdog,
	.path = "proc/sys/kernel/watchdog_cpumask",
	.why = "Its timer and its thread of highest priority run on each CPU "
	       "every few seconds.",
	.run = "echo {others} > /proc/sys/kernel/watchdog_cpumask",
	.boot = "nosoftlockup",
	.source = "Documentation/admin-guide/lockup-watchdogs.rst",
	.anchor = "proc/sys/kernel/osrelease",
	.absent_is = CHECK_PASS},
       {.name = "hung-task",
	.bad = CHECK_WARN,
	.weight = 1,
	.good = "0, or 600 and more",
	.look = look_hung_task,
	.min = 600,
	.max = INT64_MAX,
	.path = "proc/sys/kernel/hung_task_timeout_secs",
	.why = "It walks over all tasks that often.",
	.run = "echo 600 > /proc/sys/kernel/hung_task_timeout_secs",
	.source = SYSCTL ", tuned realtime",
	.anchor = "proc/sys/kernel/osrelease",
	.absent_is = CHECK_PASS},
       {.name = "schedstats",
	.bad = CHECK_WARN,
	.weight = 2,
	.good = "0",
	.look = look_number,
	.min = 0,
	.max = 0,
	.path = "proc/sys/kernel/sched_schedstats",
	.why = "Every switch counts for statistics that nobody reads.",
	.run = "echo 0 > /proc/sys/kernel/sched_schedstats",
	.source = SYSCTL,
	.anchor = "proc/sys/kernel/osrelease",
	.absent_is = CHECK_PASS},
       {.name = "tracer",
	.bad = CHECK_WARN,
	.weight = 5,
	.good = "nop",
	.look = look_word,
	.want = "nop",
	.path = TRACING "current_tracer",
	.why = "A tracer makes every function or switch of the kernel dearer.",
	.run = "echo nop > /" TRACING "current_tracer",
	.source = "Documentation/trace/ftrace.rst"},
       {.name = "trace-events",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "0",
	.look = look_word,
	.want = "0",
	.path = TRACING "events/enable",
	.why = "Events that are recorded make what they record dearer.",
	.run = "echo 0 > /" TRACING "events/enable",
	.source = "Documentation/trace/events.rst"},
       {.name = "kprobes",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "none",
	.look = look_empty,
	.path = "sys/kernel/debug/kprobes/list",
	.why = "A probe is a trap in the kernel's way.",
	.run = "echo 0 > /sys/kernel/debug/kprobes/enabled",
	.source = "Documentation/trace/kprobes.rst"},
       {.name = "console-loglevel",
	.bad = CHECK_WARN,
	.weight = 2,
	.good = "4 or less",
	.look = look_number,
	.min = 0,
	.max = 4,
	.path = "proc/sys/kernel/printk",
	.why = "A message on a serial console takes ms of a CPU.",
	.run = "echo 4 > /proc/sys/kernel/printk",
	.boot = "quiet",
	.source = SYSCTL},
       {.name = "debug-kernel",
	.bad = CHECK_WARN,
	.weight = 6,
	.good = "none",
	.look = look_debug,
	.path = "proc/lockdep_stats",
	.anchor = "proc/version",
	.why = "A kernel that watches its own locks is many times slower.",
	.other = "a kernel without CONFIG_LOCKDEP",
	.source = "Documentation/locking/lockdep-design.rst"});
