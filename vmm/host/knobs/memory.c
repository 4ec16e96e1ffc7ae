/* SPDX-License-Identifier: BSD-2-Clause */
/* memory.c - knobs of what moves or takes away pages of a guest. */
#include <stdlib.h>

#include "vmm/host/knob.h"

#define VM		  "proc/sys/vm/"
#define STAT_INTERVAL	  "10" /* s */
#define STAT_INTERVAL_MIN 10

/* A longer one is as good. */
static bool is_often(const struct check_host *h, const char *path,
		     const char *old)
{
	(void)h;
	(void)path;
	return strtoll(old, NULL, 10) < STAT_INTERVAL_MIN;
}

KNOBS(memory, 40,
      {.name = "transparent-hugepages",
       .checks = "transparent-hugepages",
       .why = "No thread moves pages together.",
       .files = {{.path = "sys/kernel/mm/transparent_hugepage/enabled",
		  .kind = KNOB_WORD,
		  .value = "never"}}},
      {.name = "ksm",
       .checks = "ksm",
       .why = "No page is merged any more.",
       .files = {{.path = "sys/kernel/mm/ksm/run",
		  .kind = KNOB_NUMBER,
		  .value = "0"}}},
      {.name = "stat-interval",
       .checks = "stat-interval",
       .why = "A worker on each CPU adds up statistics less often.",
       .wants = is_often,
       .files = {{.path = VM "stat_interval",
		  .kind = KNOB_NUMBER,
		  .value = STAT_INTERVAL}}},
      {.name = "proactive-compaction",
       .checks = "proactive-compaction",
       .why = "Pages are not moved in the background.",
       .files = {{.path = VM "compaction_proactiveness",
		  .kind = KNOB_NUMBER,
		  .value = "0"}}},
      {.name = "compact-locked",
       .checks = "compact-locked",
       .why = "Nor are locked ones.",
       .files = {{.path = VM "compact_unevictable_allowed",
		  .kind = KNOB_NUMBER,
		  .value = "0"}}});
