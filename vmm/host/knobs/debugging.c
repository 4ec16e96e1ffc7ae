/* SPDX-License-Identifier: BSD-2-Clause */
/* debugging.c - knobs of what watches the kernel, and costs time for it. */
#include <stdlib.h>

#include "vmm/host/knob.h"

#define KERNEL	      "proc/sys/kernel/"
#define HUNG_TASK     "600" /* s */
#define HUNG_TASK_MIN 600

/* 0 is never. */
static bool is_often(const struct check_host *h, const char *path,
		     const char *old)
{
	long long seconds = strtoll(old, NULL, 10);

	(void)h;
	(void)path;
	return seconds > 0 && seconds < HUNG_TASK_MIN;
}

KNOBS(debugging, 50,
      {.name = "nmi-watchdog",
       .checks = "nmi-watchdog",
       .why = "No NMI looks whether a CPU hangs.",
       .files = {{.path = KERNEL "nmi_watchdog",
		  .kind = KNOB_NUMBER,
		  .value = "0"}}},
      {.name = "soft-watchdog",
       .checks = "soft-watchdog",
       .why = "Nor does a thread of highest priority.",
       .files = {{.path = KERNEL "watchdog_cpumask", .kind = KNOB_LIST}}},
      {.name = "hung-task",
       .checks = "hung-task",
       .why = "Tasks are walked over less often.",
       .wants = is_often,
       .files = {{.path = KERNEL "hung_task_timeout_secs",
		  .kind = KNOB_NUMBER,
		  .value = HUNG_TASK}}});
