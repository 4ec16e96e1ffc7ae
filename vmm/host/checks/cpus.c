/* SPDX-License-Identifier: BSD-2-Clause */
/* cpus.c - checks of the CPUs: who shares them, how they are placed. */
#include <stdio.h>
#include <string.h>

#include "vmm/host/check_look.h"

#define CPU	  "sys/devices/system/cpu/cpu{cpu}/"
#define SIBLINGS  CPU "topology/thread_siblings_list"
#define ISOLATION "Documentation/admin-guide/cpu-isolation.rst"
#define TOPOLOGY  "Documentation/admin-guide/cputopology.rst"

/* Calls judge() with the CPUs in the file of each of the vCPUs' CPUs. */
typedef void cpu_judge(const struct check *c, const struct check_host *h,
		       struct check_found *f, const struct cpumask *mask);

static void of_each(const struct check *c, const struct check_host *h,
		    struct check_found *f, cpu_judge *judge)
{
	char text[CHECK_TEXT_LEN];
	struct cpumask mask;

	for (int cpu = cpumask_next(&h->vcpus, 0); cpu >= 0;
	     cpu = cpumask_next(&h->vcpus, cpu + 1)) {
		if (!check_read(c, h, f, cpu, text))
			return;
		if (!cpumask_from_list(&mask, text)) {
			found_unknown(f, "no list of CPUs: '%.60s'", text);
			return;
		}
		judge(c, h, f, &mask);
		if (f->status != CHECK_PASS)
			return;
	}
}

static void judge_smt(const struct check *c, const struct check_host *h,
		      struct check_found *f, const struct cpumask *mask)
{
	char list[CHECK_VALUE_LEN / 2];

	(void)h;
	cpumask_to_list(mask, list, sizeof(list));
	found_is(c, f, cpumask_count(mask) == 1, "%s%s",
		 cpumask_count(mask) == 1 ? "off, CPU " : "on, core of CPUs ",
		 list);
}

static void look_smt(const struct check *c, const struct check_host *h,
		     struct check_found *f)
{
	of_each(c, h, f, judge_smt);
}

/* A sibling that is online and not a vCPU's is the system's. */
static void judge_core(const struct check *c, const struct check_host *h,
		       struct check_found *f, const struct cpumask *mask)
{
	struct cpumask strangers = cpumask_and(mask, &h->others);
	int cpu = cpumask_next(&strangers, 0);

	if (cpu < 0) {
		found_good(f, "of vCPUs alone");
		return;
	}
	found_bad(c, f, "CPU %d's with CPU %d", f->cpu, cpu);
	f->cpu = cpu;
}

static void look_core(const struct check *c, const struct check_host *h,
		      struct check_found *f)
{
	of_each(c, h, f, judge_core);
}

static void judge_l3(const struct check *c, const struct check_host *h,
		     struct check_found *f, const struct cpumask *mask)
{
	char list[CHECK_VALUE_LEN / 2];

	(void)h;
	cpumask_to_list(mask, list, sizeof(list));
	found_bad(c, f, "CPU %d's is of CPUs %s", f->cpu, list);
}

static void look_l3(const struct check *c, const struct check_host *h,
		    struct check_found *f)
{
	of_each(c, h, f, judge_l3);
}

static bool online_known(const struct check_host *h, struct check_found *f)
{
	bool known = cpumask_count(&h->online) > 0;

	if (!known)
		found_unknown(f, "it is not known which CPUs are online");
	return known;
}

static void look_housekeeping(const struct check *c, const struct check_host *h,
			      struct check_found *f)
{
	char list[CHECK_VALUE_LEN / 2];

	if (!online_known(h, f))
		return;
	cpumask_to_list(&h->others, list, sizeof(list));
	found_is(c, f, cpumask_count(&h->others) > 0, "%s", list);
}

static void look_boot_cpu(const struct check *c, const struct check_host *h,
			  struct check_found *f)
{
	if (online_known(h, f))
		found_is(c, f, !cpumask_has(&h->vcpus, 0), "%s",
			 cpumask_has(&h->vcpus, 0) ? "a vCPU's" : "no vCPU's");
}

struct nodes {
	const struct check_host *h;
	const char *path;
	unsigned int nr; /* with vCPUs' CPUs */
	char alone[32];	 /* one that has no others; "": none */
	bool known;
};

static void visit_node(void *arg, const char *name)
{
	struct nodes *n = arg;
	char path[CHECK_PATH_LEN], text[CHECK_TEXT_LEN], why[TREE_WHY_LEN];
	struct cpumask cpus, on, rest;

	if (strncmp(name, "node", 4) != 0)
		return;
	snprintf(path, sizeof(path), "%s/%.31s/cpulist", n->path, name);
	if (tree_read(&n->h->tree, path, text, sizeof(text), why) != 0 ||
	    !cpumask_from_list(&cpus, text))
		return;
	n->known = true;
	on = cpumask_and(&cpus, &n->h->vcpus);
	rest = cpumask_and(&cpus, &n->h->others);
	if (cpumask_count(&on) == 0)
		return;
	n->nr++;
	if (cpumask_count(&rest) == 0)
		snprintf(n->alone, sizeof(n->alone), "%.31s", name);
}

static bool find_nodes(const struct check *c, const struct check_host *h,
		       struct check_found *f, struct nodes *n)
{
	*n = (struct nodes){.h = h, .path = c->path};
	tree_list(&h->tree, c->path, visit_node, n);
	if (!n->known)
		found_unknown(f, "/%s has no nodes", c->path);
	return n->known;
}

static void look_one_node(const struct check *c, const struct check_host *h,
			  struct check_found *f)
{
	struct nodes n;

	if (find_nodes(c, h, f, &n))
		found_is(c, f, n.nr == 1, "on %u node%s", n.nr,
			 n.nr == 1 ? "" : "s");
}

static void look_node_rest(const struct check *c, const struct check_host *h,
			   struct check_found *f)
{
	struct nodes n;

	if (find_nodes(c, h, f, &n))
		found_is(c, f, !n.alone[0], "%s%s",
			 n.alone[0] ? "none on " : "on each", n.alone);
}

struct resctrl {
	const struct check_host *h;
	char group[32]; /* that has all of the vCPUs' CPUs; "": none */
};

static void visit_class(void *arg, const char *name)
{
	struct resctrl *r = arg;
	char path[CHECK_PATH_LEN], text[CHECK_TEXT_LEN], why[TREE_WHY_LEN];
	struct cpumask mask;

	snprintf(path, sizeof(path), "sys/fs/resctrl/%.64s/cpus_list", name);
	if (tree_read(&r->h->tree, path, text, sizeof(text), why) != 0 ||
	    !cpumask_from_list(&mask, text))
		return;
	mask = cpumask_without(&r->h->vcpus, &mask);
	if (cpumask_count(&mask) == 0)
		snprintf(r->group, sizeof(r->group), "%.31s", name);
}

static void look_resctrl(const struct check *c, const struct check_host *h,
			 struct check_found *f)
{
	struct resctrl r = {.h = h};

	if (!tree_has(&h->tree, "sys/fs/resctrl/schemata")) {
		found_unknown(f, "resctrl is not mounted, or the processor "
				 "has none");
		return;
	}
	tree_list(&h->tree, "sys/fs/resctrl", visit_class, &r);
	found_is(c, f, r.group[0], "%s%s", r.group[0] ? "class " : "none",
		 r.group);
}

CHECKS(cpus, 30,
       {.name = "housekeeping",
	.bad = CHECK_FAIL,
	.weight = 9,
	.good = "a CPU or more",
	.look = look_housekeeping,
	.why = "Without a CPU of its own the system takes time of the vCPUs' "
	       "or comes to a stop.",
	.other = "give vCPUs fewer CPUs: --cpus",
	.source = ISOLATION},
       {.name = "boot-cpu",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "no vCPU's",
	.look = look_boot_cpu,
	.why = "CPU 0 has timekeeping and interrupts that can be nowhere else.",
	.other = "choose others with --cpus",
	.source = ISOLATION},
       {.name = "smt",
	.bad = CHECK_WARN,
	.weight = 5,
	.good = "off",
	.look = look_smt,
	.path = SIBLINGS,
	.why = "Two threads of one core slow each other down.",
	.run = "echo off > /sys/devices/system/cpu/smt/control",
	.boot = "nosmt",
	.source = ISOLATION},
       {.name = "shared-core",
	.bad = CHECK_FAIL,
	.weight = 7,
	.good = "of vCPUs alone",
	.look = look_core,
	.path = SIBLINGS,
	.why = "What the system does on the other thread of the core slows the "
	       "vCPU down.",
	.run = "echo 0 > /sys/devices/system/cpu/cpu{cpu}/online",
	.source = ISOLATION},
       {.name = "one-node",
	.bad = CHECK_WARN,
	.weight = 5,
	.good = "on 1 node",
	.look = look_one_node,
	.path = "sys/devices/system/node",
	.why = "IPIs and shared memory between nodes take longer.",
	.other = "choose CPUs of one node with --cpus",
	.source = TOPOLOGY},
       {.name = "node-housekeeping",
	.bad = CHECK_WARN,
	.weight = 3,
	.good = "on each",
	.look = look_node_rest,
	.path = "sys/devices/system/node",
	.why = "A node whose CPUs are all vCPUs' leaves its devices and memory "
	       "to a far CPU.",
	.other = "leave one CPU of the node to the system",
	.source = ISOLATION},
       {.name = "l3-sharing",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = look_l3,
	.path = CPU "cache/index3/shared_cpu_list",
	.why = "Whoever shares the last cache can push a guest's lines out.",
	.source = "Documentation/core-api/real-time/hardware.rst"},
       {.name = "l3-partition",
	.bad = CHECK_WARN,
	.weight = 3,
	.good = "a class of its own",
	.look = look_resctrl,
	.why = "Cache that is not set apart is everybody's.",
	.run = "mkdir /sys/fs/resctrl/rt; echo {cpus} > "
	       "/sys/fs/resctrl/rt/cpus_list",
	.other = "and a mask in its schemata that no other class has",
	.source = "Documentation/filesystems/resctrl.rst"});
