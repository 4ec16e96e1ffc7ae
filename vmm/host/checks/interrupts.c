/* SPDX-License-Identifier: BSD-2-Clause */
/* interrupts.c - checks of where interrupts, and their work, may come. */
#include <stdio.h>
#include <string.h>

#include "vmm/host/check_look.h"

#define ALLOWED	 "smp_affinity_list"
#define AFFINITY "Documentation/core-api/irq/irq-affinity.rst"

/* Files of a folder that name a vCPU's CPU. */
struct search {
	const struct check_host *h;
	const struct check *check;
	unsigned int nr, bad;
	char first[CHECK_AT_LEN]; /* path of the first bad one */
	int cpu;
	const char *queue_of; /* look_rps: a network device */
	/* look_workqueues: where any of them may run; NULL: it is not asked */
	const struct cpumask *limit;
};

static void count(struct search *s, const char *path, bool hex)
{
	char text[CHECK_TEXT_LEN], why[TREE_WHY_LEN];
	struct cpumask mask;

	if (tree_read(&s->h->tree, path, text, sizeof(text), why) != 0 ||
	    !(hex ? cpumask_from_hex(&mask, text)
		  : cpumask_from_list(&mask, text)))
		return;
	s->nr++;
	mask = cpumask_and(&mask, &s->h->vcpus);
	if (s->limit)
		mask = cpumask_and(&mask, s->limit);
	if (cpumask_count(&mask) == 0)
		return;
	if (s->bad++ > 0)
		return;
	s->cpu = cpumask_next(&mask, 0);
	snprintf(s->first, sizeof(s->first), "/%.120s", path);
}

static void judge(const struct check *c, struct check_found *f,
		  const struct search *s, const char *what)
{
	if (s->nr == 0) {
		found_unknown(f, "/%s has no %s", c->path, what);
		return;
	}
	snprintf(f->at, sizeof(f->at), "%s", s->first);
	if (s->bad)
		f->cpu = s->cpu;
	found_is(c, f, s->bad == 0, "%u of %u %s", s->bad, s->nr, what);
}

/* c->want: the file in each interrupt's folder. */
static void visit_irq(void *arg, const char *name)
{
	struct search *s = arg;
	char path[CHECK_PATH_LEN];

	if (strspn(name, "0123456789") != strlen(name))
		return;
	snprintf(path, sizeof(path), "proc/irq/%.16s/%s", name, s->check->want);
	count(s, path, false);
}

static void look_irqs(const struct check *c, const struct check_host *h,
		      struct check_found *f)
{
	struct search s = {.h = h, .check = c};
	char path[CHECK_AT_LEN];
	size_t len;

	tree_list(&h->tree, c->path, visit_irq, &s);
	/* What it is can be read, what it may be is written. */
	len = strlen(s.first) - (s.bad ? strlen(c->want) : 0);
	snprintf(path, sizeof(path), "%.*s" ALLOWED, (int)len, s.first);
	memcpy(s.first, path, sizeof(path));
	judge(c, f, &s, "interrupts");
}

static void visit_workqueue(void *arg, const char *name)
{
	struct search *s = arg;
	char path[CHECK_PATH_LEN];

	if (strncmp(name, "cpumask", 7) == 0)
		return;
	snprintf(path, sizeof(path),
		 "sys/devices/virtual/workqueue/%.64s/cpumask", name);
	count(s, path, true);
}

/* The mask of all, global-workqueues, holds for each (apply_wqattrs). */
static void look_workqueues(const struct check *c, const struct check_host *h,
			    struct check_found *f)
{
	struct search s = {.h = h};
	char text[CHECK_TEXT_LEN], why[TREE_WHY_LEN];
	struct cpumask limit;

	if (tree_read(&h->tree, "sys/devices/virtual/workqueue/cpumask", text,
		      sizeof(text), why) == 0 &&
	    cpumask_from_hex(&limit, text))
		s.limit = &limit;
	tree_list(&h->tree, c->path, visit_workqueue, &s);
	judge(c, f, &s, "workqueues");
}

static void visit_queue(void *arg, const char *name)
{
	struct search *s = arg;
	char path[CHECK_PATH_LEN];

	if (strncmp(name, "rx-", 3) != 0)
		return;
	snprintf(path, sizeof(path),
		 "sys/class/net/%.40s/queues/%.16s/rps_cpus", s->queue_of,
		 name);
	count(s, path, true);
}

static void visit_device(void *arg, const char *name)
{
	struct search *s = arg;
	char path[CHECK_PATH_LEN];

	s->queue_of = name;
	snprintf(path, sizeof(path), "sys/class/net/%.40s/queues", name);
	tree_list(&s->h->tree, path, visit_queue, s);
}

static void look_rps(const struct check *c, const struct check_host *h,
		     struct check_found *f)
{
	struct search s = {.h = h};

	tree_list(&h->tree, c->path, visit_device, &s);
	judge(c, f, &s, "receive queues");
}

CHECKS(interrupts, 45,
       {.name = "interrupt-affinity",
	.bad = CHECK_FAIL,
	.weight = 7,
	.good = "none there",
	.look = look_irqs,
	.path = "proc/irq",
	.want = "effective_affinity_list",
	.why = "A device's interrupt takes the CPU from the vCPU, and brings "
	       "softirqs along.",
	.run = "echo {others} > {at}",
	.boot = "irqaffinity={others}",
	.source = AFFINITY},
       {.name = "allowed-interrupts",
	.bad = CHECK_WARN,
	.weight = 3,
	.good = "none there",
	.look = look_irqs,
	.path = "proc/irq",
	.want = ALLOWED,
	.why = "An interrupt that is elsewhere now may come to these CPUs.",
	.run = "echo {others} > {at}",
	.boot = "irqaffinity={others}",
	.source = AFFINITY},
       {.name = "new-interrupts",
	.bad = CHECK_WARN,
	.weight = 5,
	.good = "other CPUs",
	.look = look_mask,
	.path = "proc/irq/default_smp_affinity",
	.why = "A device that comes later interrupts these.",
	.run = "echo {mask} > /proc/irq/default_smp_affinity",
	.boot = "irqaffinity={others}",
	.source = AFFINITY},
       {.name = "workqueues",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "none there",
	.look = look_workqueues,
	.path = "sys/devices/virtual/workqueue",
	.why = "Workqueues with a mask of their own, writeback's among them, "
	       "may use these CPUs.",
	.run = "echo {mask} > {at}",
	.source = "Documentation/core-api/workqueue.rst"},
       {.name = "packet-steering",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "none there",
	.look = look_rps,
	.path = "sys/class/net",
	.why = "Packets may be given to these CPUs, by an IPI and a softirq.",
	.run = "echo {mask} > {at}",
	.source = "Documentation/networking/scaling.rst"});
