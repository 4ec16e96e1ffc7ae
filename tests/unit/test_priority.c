/* SPDX-License-Identifier: BSD-2-Clause */
/* test_priority.c - the vCPUs' priority follows from the threads of their CPUs.
 */
#include <stdio.h>

#include "tests/unit/check_tree.h"
#include "tests/unit/unit.h"
#include "vmm/host/priority.h"

/* A thread of the kernel's; what it is called, and its SCHED_FIFO priority. */
static void thread(const struct check_tree *t, int pid, const char *name,
		   int prio)
{
	char path[64], text[256];

	snprintf(path, sizeof(path), "proc/%d/stat", pid);
	snprintf(text, sizeof(text),
		 "%d (%s) S 0 0 0 0 0 2097152 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 "
		 "0 0 0 0 0 0 0 0 0 0 0 0 0 0 %d %d 0 0 0 0\n",
		 pid, name, prio, prio != 0);
	check_tree_write(t, path, text);
	snprintf(path, sizeof(path), "proc/%d/status", pid);
	check_tree_write(t, path, "Cpus_allowed_list:\t0-3\n");
}

/* Of vCPUs on CPUs 2 and 3. */
static void assert_chosen(const struct check_tree *t, int prio,
			  const char *reason)
{
	static const int cpus[] = {3, 2};
	char why[PRIO_WHY_LEN] = "?";
	struct tree tree;

	assert_int_equal(tree_open(&tree, t->root), 0);
	assert_int_equal(priority_choose(&tree, cpus, 2, why), prio);
	assert_string_equal(why, reason);
	tree_close(&tree);
}

static void make(struct check_tree *t)
{
	check_tree_make(t);
	check_tree_write(t, "sys/module/rcutree/parameters/use_softirq", "N\n");
}

TEST(priority_is_below_the_lowest_thread_that_its_cpus_need)
{
	struct check_tree t;

	make(&t);
	assert_chosen(&t, VCPU_PRIO_DEFAULT, "");
	/* Of another CPU, an ordinary one, higher ones, another thread. */
	thread(&t, 10, "rcuc/1", 4);
	thread(&t, 11, "ksoftirqd/2", 0);
	thread(&t, 12, "rcuc/2", 81);
	thread(&t, 13, "migration/2", 5);
	assert_chosen(&t, VCPU_PRIO_DEFAULT, "");
	thread(&t, 14, "ktimers/3", 80);
	assert_chosen(&t, 79, "below ktimers/3");
	thread(&t, 15, "rcuc/3", 4);
	assert_chosen(&t, 3, "below rcuc/3");
	thread(&t, 16, "ksoftirqd/3", 2);
	assert_chosen(&t, 1, "below ksoftirqd/3");
	check_tree_remove(&t);
}

/* No real-time priority is below 1. */
TEST(priority_is_the_default_where_it_cannot_be_below)
{
	struct check_tree t;

	make(&t);
	thread(&t, 10, "rcuc/2", 1);
	assert_chosen(&t, VCPU_PRIO_DEFAULT, "");
	thread(&t, 11, "ktimers/2", 3);
	assert_chosen(&t, 2, "below ktimers/2");
	check_tree_remove(&t);
}

/* Reading all threads takes a while. */
TEST(priority_of_a_kernel_without_such_threads_is_not_looked_for)
{
	struct check_tree t;

	make(&t);
	thread(&t, 10, "rcuc/2", 4);
	check_tree_write(&t, "sys/module/rcutree/parameters/use_softirq",
			 "Y\n");
	assert_chosen(&t, VCPU_PRIO_DEFAULT, "");
	check_tree_write(&t, "sys/kernel/realtime", "1\n");
	assert_chosen(&t, 3, "below rcuc/2");
	check_tree_remove(&t);
}
