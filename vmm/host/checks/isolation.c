/* SPDX-License-Identifier: BSD-2-Clause */
/* isolation.c - checks of what else may run on the vCPUs' CPUs. */
#include <stdio.h>
#include <string.h>

#include "vmm/host/check_look.h"

#define ISOLATION  "Documentation/admin-guide/cpu-isolation.rst"
#define PARAMETERS "Documentation/admin-guide/kernel-parameters.txt"
#define MOVE_TASKS "for t in {at}; do taskset -pc {others} $t; done"
#define WORKQUEUE  "sys/devices/virtual/workqueue/"

/* At boot, or by a cpuset partition: together. */
static void look_isolated(const struct check *c, const struct check_host *h,
			  struct check_found *f)
{
	char text[CHECK_TEXT_LEN], why[TREE_WHY_LEN], list[64];
	struct cpumask mask, more, bad;

	if (!check_read(c, h, f, 0, text))
		return;
	if (!cpumask_from_list(&mask, text)) {
		found_unknown(f, "no list of CPUs: '%.60s'", text);
		return;
	}
	if (tree_read(&h->tree, "sys/fs/cgroup/cpuset.cpus.isolated", text,
		      sizeof(text), why) == 0 &&
	    cpumask_from_list(&more, text))
		for (int cpu = cpumask_next(&more, 0); cpu >= 0;
		     cpu = cpumask_next(&more, cpu + 1))
			cpumask_add(&mask, cpu);
	bad = cpumask_without(&h->vcpus, &mask);
	cpumask_to_list(&mask, list, sizeof(list));
	found_is(c, f, cpumask_count(&bad) == 0, "%s", list);
}

/* "managed_irq,domain,2-3": flags in front of the list. */
static void look_managed(const struct check *c, const struct check_host *h,
			 struct check_found *f)
{
	char text[CHECK_TEXT_LEN];
	struct cpumask mask;
	const char *is, *list;

	if (!h->has_command_line) {
		found_unknown(f, "/proc/cmdline cannot be read");
		return;
	}
	is = check_parameter(h, "isolcpus", text);
	if (!is || !strstr(is, "managed_irq")) {
		found_bad(c, f, "%s", is ? "no managed_irq" : "no isolcpus");
		return;
	}
	list = is + strcspn(is, "0123456789");
	if (!cpumask_from_list(&mask, list)) {
		found_unknown(f, "no list of CPUs: '%.60s'", list);
		return;
	}
	mask = cpumask_without(&h->vcpus, &mask);
	found_is(c, f, cpumask_count(&mask) == 0, "%s", is);
}

/* nohz_full= is rcu_nocbs=, too. */
static void look_nocbs(const struct check *c, const struct check_host *h,
		       struct check_found *f)
{
	char text[CHECK_TEXT_LEN];
	struct check nohz = *c;

	look_boot_covers(c, h, f);
	nohz.want = "nohz_full";
	if (f->status == c->bad && check_parameter(h, "nohz_full", text))
		look_boot_covers(&nohz, h, f);
}

/* What may run on the vCPUs' CPUs, by a question about each thread. */
typedef bool task_question(const struct task *t);

static void judge_tasks(const struct check *c, const struct check_host *h,
			struct check_found *f, task_question *ask)
{
	const struct task *first = NULL;
	unsigned int nr = 0;
	size_t at = 0;

	if (!h->tasks.known) {
		found_unknown(f, "/proc has no processes");
		return;
	}
	for (size_t i = 0; i < h->tasks.nr; i++) {
		const struct task *t = &h->tasks.list[i];

		if (!t->on_vcpus || t->is_ours || !ask(t))
			continue;
		first = nr++ ? first : t;
		if (at < sizeof(f->at) - 8)
			at += (size_t)snprintf(f->at + at, sizeof(f->at) - at,
					       at ? " %d" : "%d", t->tid);
	}
	if (!first) {
		found_good(f, "none");
		return;
	}
	found_bad(c, f, "%u, like %s", nr, first->name);
}

static bool is_rcuo(const struct task *t)
{
	return strncmp(t->name, "rcuo", 4) == 0;
}

static void look_rcuo(const struct check *c, const struct check_host *h,
		      struct check_found *f)
{
	bool some = false;

	for (size_t i = 0; i < h->tasks.nr; i++)
		some |= is_rcuo(&h->tasks.list[i]);
	if (h->tasks.known && !some)
		found_unknown(f, "there is no thread rcuo");
	else
		judge_tasks(c, h, f, is_rcuo);
}

/* One that may run elsewhere, too, and be told so: others are the CPU's own. */
static bool is_free_kernel(const struct task *t)
{
	return t->is_kernel && !t->is_fixed && t->on_others && !is_rcuo(t);
}

static void look_kernel_threads(const struct check *c,
				const struct check_host *h,
				struct check_found *f)
{
	judge_tasks(c, h, f, is_free_kernel);
}

static bool is_user(const struct task *t)
{
	return !t->is_kernel;
}

static void look_user_tasks(const struct check *c, const struct check_host *h,
			    struct check_found *f)
{
	judge_tasks(c, h, f, is_user);
}

/* QEMU calls them "CPU 0/KVM". */
static bool is_vcpu(const struct task *t)
{
	return !t->is_kernel && strstr(t->name, "/KVM");
}

static void look_vcpus(const struct check *c, const struct check_host *h,
		       struct check_found *f)
{
	judge_tasks(c, h, f, is_vcpu);
}

static void look_irqbalance(const struct check *c, const struct check_host *h,
			    struct check_found *f)
{
	const struct task *t = tasks_find(&h->tasks, "irqbalance");

	if (!h->tasks.known)
		found_unknown(f, "/proc has no processes");
	else
		found_is(c, f, !t, "%s", t ? "running" : "not running");
}

CHECKS(isolation, 40,
       {.name = "isolated",
	.bad = CHECK_FAIL,
	.weight = 9,
	.good = "the vCPUs' CPUs",
	.look = look_isolated,
	.path = "sys/devices/system/cpu/isolated",
	.why = "On other CPUs the scheduler places whatever is to run.",
	.run = "cd /sys/fs/cgroup; echo +cpuset > cgroup.subtree_control; "
	       "mkdir -p rt; echo {cpus} > rt/cpuset.cpus; echo isolated > "
	       "rt/cpuset.cpus.partition",
	.needs = "sys/fs/cgroup/cgroup.controllers",
	.boot = "isolcpus=managed_irq,domain,{cpus}",
	.source = ISOLATION},
       {.name = "managed-interrupts",
	.bad = CHECK_WARN,
	.weight = 5,
	.good = "isolcpus=managed_irq",
	.look = look_managed,
	.why = "The kernel gives each CPU queues of network and disks, and "
	       "nobody else may move their interrupts.",
	.boot = "isolcpus=managed_irq,domain,{cpus}",
	.source = ISOLATION},
       {.name = "nohz-full",
	.bad = CHECK_FAIL,
	.weight = 7,
	.good = "the vCPUs' CPUs",
	.look = look_covers,
	.path = "sys/devices/system/cpu/nohz_full",
	.why = "The tick interrupts a vCPU 100 to 1000 times a second.",
	.boot = "nohz_full={cpus}",
	.other = "a kernel with CONFIG_NO_HZ_FULL",
	.source = ISOLATION,
	.anchor = "sys/devices/system/cpu/online",
	.absent_is = CHECK_FAIL},
       {.name = "rcu-nocbs",
	.bad = CHECK_WARN,
	.weight = 6,
	.good = "the vCPUs' CPUs",
	.look = look_nocbs,
	.want = "rcu_nocbs",
	.why = "Else RCU's callbacks run on the CPU, as a softirq.",
	.boot = "rcu_nocbs={cpus}",
	.source = PARAMETERS},
       {.name = "rcuo-threads",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "none there",
	.look = look_rcuo,
	.why = "The threads that callbacks were given to may come back.",
	.run = MOVE_TASKS,
	.source = "Documentation/admin-guide/kernel-per-CPU-kthreads.rst"},
       {.name = "rcu-patience",
	.bad = CHECK_WARN,
	.weight = 1,
	.good = "1000",
	.look = look_number,
	.min = 1000,
	.max = INT64_MAX,
	.path = "sys/module/rcutree/parameters/nohz_full_patience_delay",
	.why = "RCU turns the tick on again for a CPU that is in the kernel "
	       "that many ms.",
	.boot = "rcutree.nohz_full_patience_delay=1000",
	.source = PARAMETERS},
       {.name = "rcu-normal",
	.bad = CHECK_WARN,
	.weight = 3,
	.good = "1",
	.look = look_number,
	.min = 1,
	.max = 1,
	.path = "sys/kernel/rcu_normal",
	.why = "An expedited grace period interrupts every CPU.",
	.run = "echo 1 > /sys/kernel/rcu_normal",
	.boot = "rcupdate.rcu_normal_after_boot=1",
	.source = PARAMETERS},
       {.name = "global-workqueues",
	.bad = CHECK_WARN,
	.weight = 6,
	.good = "other CPUs",
	.look = look_mask,
	.path = WORKQUEUE "cpumask",
	.why = "Work that is bound to no CPU may run on these.",
	.run = "echo {mask} > /" WORKQUEUE "cpumask",
	.source = "Documentation/core-api/workqueue.rst"},
       {.name = "kernel-threads",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "none there",
	.look = look_kernel_threads,
	.why = "Threads of the kernel that could be elsewhere may run there.",
	.run = MOVE_TASKS,
	.boot = "isolcpus=managed_irq,domain,{cpus}",
	.source = "Documentation/admin-guide/kernel-per-CPU-kthreads.rst"},
       {.name = "user-tasks",
	.bad = CHECK_WARN,
	.weight = 5,
	.good = "none there",
	.look = look_user_tasks,
	.why = "Whatever else may run there has its caches and its turn.",
	.run = MOVE_TASKS,
	.other = "CPUAffinity={others} in /etc/systemd/system.conf",
	.source = "systemd-system.conf(5)"},
       {.name = "other-vcpus",
	.bad = CHECK_FAIL,
	.weight = 6,
	.good = "none there",
	.look = look_vcpus,
	.why = "Another VM's vCPU may run on the same CPU.",
	.run = MOVE_TASKS,
	.source = "Documentation/core-api/real-time/hardware.rst"},
       {.name = "irqbalance",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "not running",
	.look = look_irqbalance,
	.why = "It moves interrupts to CPUs that seem idle.",
	.run = "systemctl stop irqbalance",
	.other = "IRQBALANCE_BANNED_CPULIST={cpus} in its settings",
	.source = "irqbalance(1)"});
