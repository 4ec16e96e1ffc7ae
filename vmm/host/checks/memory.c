/* SPDX-License-Identifier: BSD-2-Clause */
/* memory.c - checks of what moves or takes away pages of a guest. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/host/check_look.h"

#define VM_SYSCTL  "Documentation/admin-guide/sysctl/vm.rst"
#define THP	   "sys/kernel/mm/transparent_hugepage/enabled"
#define HUGE(size) "sys/kernel/mm/hugepages/hugepages-" size "/free_hugepages"

/* A line of headings, then one for each area. */
static void look_swap(const struct check *c, const struct check_host *h,
		      struct check_found *f)
{
	char text[CHECK_TEXT_LEN], *at;

	if (!check_read(c, h, f, 0, text))
		return;
	if (strncmp(text, "Filename", 8) != 0) {
		found_unknown(f, "/proc/swaps is no such file");
		return;
	}
	at = strchr(text, '\n');
	if (!at) {
		found_good(f, "none");
		return;
	}
	at[1 + strcspn(at + 1, " \t\n")] = '\0';
	found_bad(c, f, "%s", at + 1);
}

struct node_search {
	const struct check_host *h;
	const struct check *check;
	struct check_found *f;
};

/* Memory that is free on each node that has a vCPU's CPU. */
static void visit_node(void *arg, const char *name)
{
	struct node_search *s = arg;
	char path[CHECK_PATH_LEN], text[CHECK_TEXT_LEN], why[TREE_WHY_LEN];
	struct cpumask cpus;
	long long kib;
	char *at;

	if (strncmp(name, "node", 4) != 0 || s->f->status == s->check->bad)
		return;
	snprintf(path, sizeof(path), "%s/%.32s/cpulist", s->check->path, name);
	if (tree_read(&s->h->tree, path, text, sizeof(text), why) != 0 ||
	    !cpumask_from_list(&cpus, text))
		return;
	cpus = cpumask_and(&cpus, &s->h->vcpus);
	if (cpumask_count(&cpus) == 0)
		return;
	snprintf(path, sizeof(path), "%s/%.32s/meminfo", s->check->path, name);
	if (tree_read(&s->h->tree, path, text, sizeof(text), why) != 0)
		return;
	at = strstr(text, "MemFree:");
	if (!at)
		return;
	kib = strtoll(at + strlen("MemFree:"), NULL, 10);
	found_is(s->check, s->f, kib >= s->check->min, "%lld KiB (%.32s)", kib,
		 name);
}

static void look_nodes(const struct check *c, const struct check_host *h,
		       struct check_found *f)
{
	struct node_search s = {.h = h, .check = c, .f = f};

	found_unknown(f, "/%s does not say", c->path);
	tree_list(&h->tree, c->path, visit_node, &s);
}

CHECKS(memory, 60,
       {.name = "transparent-hugepages",
	.bad = CHECK_WARN,
	.weight = 5,
	.good = "never",
	.look = look_word,
	.want = "never",
	.path = THP,
	.why = "A thread of the kernel moves pages together, and takes locks "
	       "that page faults wait for.",
	.run = "echo never > /" THP,
	.boot = "transparent_hugepage=never",
	.source = "Documentation/admin-guide/mm/transhuge.rst",
	.anchor = "proc/sys/vm/stat_interval",
	.absent_is = CHECK_PASS},
       {.name = "ksm",
	.bad = CHECK_WARN,
	.weight = 5,
	.good = "0",
	.look = look_number,
	.min = 0,
	.max = 0,
	.path = "sys/kernel/mm/ksm/run",
	.why = "Pages that were merged have to be copied at the next store.",
	.run = "echo 2 > /sys/kernel/mm/ksm/run; echo 0 > "
	       "/sys/kernel/mm/ksm/run",
	.source = "Documentation/admin-guide/mm/ksm.rst",
	.anchor = "proc/sys/vm/stat_interval",
	.absent_is = CHECK_PASS},
       {.name = "stat-interval",
	.bad = CHECK_WARN,
	.weight = 3,
	.good = "10 or more",
	.look = look_number,
	.min = 10,
	.max = INT64_MAX,
	.path = "proc/sys/vm/stat_interval",
	.why = "A worker on each CPU adds up statistics that often, in "
	       "seconds.",
	.run = "echo 10 > /proc/sys/vm/stat_interval",
	.source = VM_SYSCTL ", tuned cpu-partitioning"},
       {.name = "swap",
	.bad = CHECK_WARN,
	.weight = 5,
	.good = "none",
	.look = look_swap,
	.path = "proc/swaps",
	.why = "Whatever is not locked may have to come from a disk.",
	.run = "swapoff -a",
	.source = "swapon(8)"},
       {.name = "proactive-compaction",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "0",
	.look = look_number,
	.min = 0,
	.max = 0,
	.path = "proc/sys/vm/compaction_proactiveness",
	.why = "Pages are moved in the background, and whoever uses them waits.",
	.run = "echo 0 > /proc/sys/vm/compaction_proactiveness",
	.source = VM_SYSCTL,
	.anchor = "proc/sys/vm/stat_interval",
	.absent_is = CHECK_PASS},
       {.name = "compact-locked",
	.bad = CHECK_WARN,
	.weight = 5,
	.good = "0",
	.look = look_number,
	.min = 0,
	.max = 0,
	.path = "proc/sys/vm/compact_unevictable_allowed",
	.why = "Compaction may move locked pages, a guest's too, which are "
	       "then faulted in again.",
	.run = "echo 0 > /proc/sys/vm/compact_unevictable_allowed",
	.source = VM_SYSCTL,
	.anchor = "proc/sys/vm/stat_interval",
	.absent_is = CHECK_PASS},
       {.name = "zone-reclaim",
	.bad = CHECK_WARN,
	.weight = 3,
	.good = "0",
	.look = look_number,
	.min = 0,
	.max = 0,
	.path = "proc/sys/vm/zone_reclaim_mode",
	.why = "An allocation first frees pages of its node, and waits for "
	       "that.",
	.run = "echo 0 > /proc/sys/vm/zone_reclaim_mode",
	.source = VM_SYSCTL,
	.anchor = "proc/sys/vm/stat_interval",
	.absent_is = CHECK_PASS},
       {.name = "demotion",
	.bad = CHECK_WARN,
	.weight = 2,
	.good = "false",
	.look = look_word,
	.want = "false|0",
	.path = "sys/kernel/mm/numa/demotion_enabled",
	.why = "Pages may be moved to slower memory.",
	.run = "echo false > /sys/kernel/mm/numa/demotion_enabled",
	.source = "Documentation/ABI/testing/sysfs-kernel-mm-numa",
	.anchor = "proc/sys/vm/stat_interval",
	.absent_is = CHECK_PASS},
       {.name = "free-2M-pages",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = look_stated,
	.path = HUGE("2048kB"),
	.why = "Huge pages behind a guest save page walks; latvisor takes them "
	       "with --page-size 2M.",
	.run = "echo 140 > /sys/kernel/mm/hugepages/hugepages-2048kB/"
	       "nr_hugepages",
	.source = "Documentation/admin-guide/mm/hugetlbpage.rst"},
       {.name = "free-1G-pages",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = look_stated,
	.path = HUGE("1048576kB"),
	.why = "The same, of --page-size 1G; they are best reserved at boot.",
	.boot = "hugepagesz=1G hugepages=2",
	.source = "Documentation/admin-guide/mm/hugetlbpage.rst"},
       {.name = "node-memory",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "64 MiB or more free",
	.look = look_nodes,
	.min = 64 << 10,
	.path = "sys/devices/system/node",
	.why = "Where the vCPUs' node has no memory left, a guest's is far "
	       "away.",
	.other = "end what fills it, or give vCPUs CPUs of another node",
	.source = "Documentation/admin-guide/mm/numaperf.rst"});
