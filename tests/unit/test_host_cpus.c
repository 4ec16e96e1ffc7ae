/* SPDX-License-Identifier: BSD-2-Clause */
/* test_host_cpus.c - what sysfs says of CPUs; and which may be used. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/check_tree.h"
#include "tests/unit/fake_vm.h"
#include "tests/unit/unit.h"
#include "vmm/host/host_cpus.h"

#define CPU "sys/devices/system/cpu/"

static struct host_cpus read_tree(const char *root, const char *usable,
				  int claimed)
{
	struct cpumask mask;
	struct host_cpus h;
	struct tree tree;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(claimed, &set);
	assert_true(cpumask_from_list(&mask, usable));
	assert_int_equal(tree_open(&tree, root), 0);
	h = host_cpus_read(&tree, &mask, &set);
	tree_close(&tree);
	return h;
}

TEST(a_host_s_cpus_are_what_sysfs_says)
{
	static const struct check_file files[] = {
		{CPU "isolated", "2\n"},
		{CPU "nohz_full", "2-3\n"},
		{"sys/fs/cgroup/cpuset.cpus.isolated", "3\n"},
		{"sys/devices/system/node/online", "0-1\n"},
		{"sys/devices/system/node/node0/cpulist", "0-1\n"},
		{"sys/devices/system/node/node1/cpulist", "2-3\n"},
		{"sys/devices/cpu_core/cpus", "0-2\n"},
		{"sys/devices/cpu_atom/cpus", "3\n"},
		{CPU "cpu{cpu}/topology/thread_siblings_list", "2-3\n"},
		/* Its level tells the L3, not its number. */
		{CPU "cpu{cpu}/cache/index0/level", "1\n"},
		{CPU "cpu{cpu}/cache/index0/shared_cpu_list", "9\n"},
		{CPU "cpu{cpu}/cache/index2/level", "3\n"},
		{CPU "cpu{cpu}/cache/index2/shared_cpu_list", "1-3\n"},
		{CPU "cpu1/topology/core_siblings_list", "1\n"},
	};
	static const struct host_cpu wanted[] = {
		{.cpu = 1, .core = 1, .l3 = 1, .claimed = true},
		{.cpu = 2,
		 .core = 2,
		 .l3 = 1,
		 .node = 1,
		 .isolated = true,
		 .tickless = true},
		{.cpu = 3,
		 .core = 2,
		 .l3 = 1,
		 .node = 1,
		 .kind = CPU_EFFICIENT,
		 .isolated = true,
		 .tickless = true},
	};
	struct check_tree t;
	struct host_cpus h;

	check_tree_make(&t);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		check_tree_write(&t, files[i].path, files[i].text);
	h = read_tree(t.root, "1-3", 1);
	assert_int_equal(h.nr, 3);
	for (size_t i = 0; i < h.nr; i++) {
		const struct host_cpu *a = &h.list[i], *b = &wanted[i];

		assert_int_equal(a->cpu, b->cpu);
		assert_int_equal(a->core, b->core);
		assert_int_equal(a->l3, b->l3);
		assert_int_equal(a->node, b->node);
		assert_int_equal(a->kind, b->kind);
		assert_int_equal(a->isolated, b->isolated);
		assert_int_equal(a->tickless, b->tickless);
		assert_int_equal(a->claimed, b->claimed);
	}
	free(h.list);
	check_tree_remove(&t);
}

/* A copy of another machine may say anything; a bare one says nothing. */
TEST(a_host_s_cpus_survive_what_sysfs_does_not_say)
{
	static const char *const texts[] = {
		"", "junk", "-1", "4096", "99999999999999999999", "\n"};
	struct check_tree t;
	struct host_cpus h;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		check_tree_make(&t);
		if (i) {
			check_tree_write(&t, CPU "isolated", texts[i]);
			check_tree_write(
				&t,
				CPU "cpu{cpu}/topology/thread_siblings_list",
				texts[i]);
			check_tree_write(&t, CPU "cpu{cpu}/cache/index0/level",
					 "3");
			check_tree_write(
				&t, CPU "cpu{cpu}/cache/index0/shared_cpu_list",
				texts[i]);
			check_tree_write(&t, "sys/devices/system/node/online",
					 texts[i]);
		}
		h = read_tree(t.root, "2-3", 0);
		assert_int_equal(h.nr, 2);
		assert_int_equal(h.list[1].core, 3);
		assert_int_equal(h.list[1].l3, 0);
		assert_int_equal(h.list[1].node, 0);
		assert_false(h.list[1].isolated || h.list[1].tickless);
		free(h.list);
		check_tree_remove(&t);
	}
}

static struct cpumask usable_with(const char *isolated, const char *online,
				  const cpu_set_t *allowed)
{
	struct check_tree t;
	struct cpumask m;
	struct tree tree;

	check_tree_make(&t);
	check_tree_write(&t, CPU "isolated", isolated);
	check_tree_write(&t, CPU "online", online);
	assert_int_equal(tree_open(&tree, t.root), 0);
	m = host_cpus_usable(&tree, allowed);
	tree_close(&tree);
	check_tree_remove(&t);
	return m;
}

/* The first of this process's CPUs stands for the one that is isolated. */
TEST(auto_stays_within_the_affinity_but_for_isolated_cpus)
{
	int cpu = fake_cpu(), other = -1;
	cpu_set_t before, allowed, after;
	char isolated[16], online[40];
	struct cpumask m;

	sched_getaffinity(0, sizeof(before), &before);
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (i != cpu && CPU_ISSET(i, &before))
			other = i;
	if (other < 0) {
		print_message("# skipped: this process has one CPU\n");
		skip();
	}
	allowed = before;
	CPU_CLR(cpu, &allowed);
	assert_int_equal(sched_setaffinity(0, sizeof(allowed), &allowed), 0);
	snprintf(isolated, sizeof(isolated), "%d", cpu);
	snprintf(online, sizeof(online), "%d,%d", cpu < other ? cpu : other,
		 cpu < other ? other : cpu);
	m = usable_with(isolated, online, &allowed);
	assert_true(cpumask_has(&m, cpu) && cpumask_has(&m, other));
	/* Nobody isolated it: somebody did not want it. */
	m = usable_with("", online, &allowed);
	assert_true(!cpumask_has(&m, cpu) && cpumask_has(&m, other));
	/* Nor where the affinity lacks what is not isolated, too. */
	m = usable_with(isolated, "0-4095", &allowed);
	assert_true(!cpumask_has(&m, cpu) && cpumask_has(&m, other));
	sched_getaffinity(0, sizeof(after), &after);
	assert_true(CPU_EQUAL(&after, &allowed));
	sched_setaffinity(0, sizeof(before), &before);
}
