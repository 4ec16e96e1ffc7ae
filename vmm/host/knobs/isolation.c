/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * isolation.c - the vCPUs' CPUs as an isolated partition, cgroup-v2.rst,
 * "Cpuset Interface Files".  It comes last: what it does to the masks of others
 * is over before those are restored.
 */
#include <stdio.h>
#include <string.h>

#include "vmm/host/knob_value.h"
#include "vmm/host/tune.h"
#include "vmm/host/tune_plan.h"

#define CGROUP "sys/fs/cgroup/"

enum {
	ISOLATION_CPUSET,
	ISOLATION_GROUP,
	ISOLATION_CPUS,
	ISOLATION_KIND
};

static bool is_isolated(const struct check_host *h)
{
	char text[CHECK_TEXT_LEN], why[TREE_WHY_LEN];
	struct cpumask m;

	if (tree_read(&h->tree, "sys/devices/system/cpu/isolated", text,
		      sizeof(text), why) != 0 ||
	    !cpumask_from_list(&m, text))
		return false;
	m = cpumask_without(&h->vcpus, &m);
	return cpumask_count(&m) == 0;
}

static bool has_cpuset(struct tune_plan *p)
{
	char text[CHECK_TEXT_LEN], why[TREE_WHY_LEN], has[KNOB_VALUE_LEN];

	if (tree_read(&p->host->tree, CGROUP "cgroup.controllers", text,
		      sizeof(text), why) != 0) {
		tune_plan_why(p, "/sys/fs/cgroup is no cgroup v2");
		return false;
	}
	knob_value_take(KNOB_HAS_CPUSET, text, has);
	if (*has == '+' && !tree_has(&p->host->tree, TUNE_CGROUP))
		return true;
	tune_plan_why(p, "%s",
		      *has == '+' ? "/" TUNE_CGROUP
				    " is there, and not of this tune"
				  : "cgroup v2 has no cpuset here");
	return false;
}

/*
 * A command has threads that are no vCPUs: they get the last one of the other
 * CPUs, if the rest keeps one.
 */
static struct cpumask partition_of(const struct tune_plan *p)
{
	struct cpumask m = p->host->vcpus;

	if (p->wish->command && cpumask_count(&p->host->others) > 1)
		cpumask_add(&m, cpumask_last(&p->host->others));
	return m;
}

static void plan_isolation(const struct knob *k, struct tune_plan *p)
{
	const struct knob_file *f = k->files;
	char text[CHECK_TEXT_LEN], why[TREE_WHY_LEN], has[KNOB_VALUE_LEN];
	struct cpumask m = partition_of(p);

	if (is_isolated(p->host)) {
		p->nr_files = 1; /* by isolcpus= */
		return;
	}
	if (!has_cpuset(p))
		return;
	if (tree_read(&p->host->tree, f[ISOLATION_CPUSET].path, text,
		      sizeof(text), why) != 0) {
		tune_plan_why(p, "/%s: %s", f[ISOLATION_CPUSET].path, why);
		return;
	}
	knob_value_take(KNOB_HAS_CPUSET, text, has);
	if (*has == '-')
		tune_plan_add(p, k, &f[ISOLATION_CPUSET],
			      f[ISOLATION_CPUSET].path, has, "+cpuset");
	cpumask_to_list(&m, text, KNOB_VALUE_LEN);
	tune_plan_add(p, k, &f[ISOLATION_GROUP], f[ISOLATION_GROUP].path, "",
		      "");
	tune_plan_add(p, k, &f[ISOLATION_CPUS], f[ISOLATION_CPUS].path, "",
		      text);
	tune_plan_add(p, k, &f[ISOLATION_KIND], f[ISOLATION_KIND].path, "",
		      "isolated");
}

KNOBS(isolation, 90,
      {.name = "isolated",
       .checks = "isolated",
       .why = "The scheduler places nothing on the vCPUs' CPUs.",
       .plan = plan_isolation,
       .files = {
	       [ISOLATION_CPUSET] = {.path = CGROUP "cgroup.subtree_control",
				     .kind = KNOB_HAS_CPUSET},
	       [ISOLATION_GROUP] = {.path = TUNE_CGROUP, .op = KNOB_MAKE},
	       [ISOLATION_CPUS] = {.path = TUNE_CGROUP "/cpuset.cpus",
				   .kind = KNOB_LIST,
				   .op = KNOB_PUT},
	       [ISOLATION_KIND] = {.path = TUNE_CGROUP "/cpuset.cpus.partition",
				   .kind = KNOB_WORD,
				   .op = KNOB_PUT},
       }});
