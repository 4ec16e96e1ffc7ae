/* SPDX-License-Identifier: BSD-2-Clause */
/* test_tree.c - a copy of /proc and /sys that is hostile. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/check_tree.h"
#include "tests/unit/unit.h"
#include "vmm/host/check_look.h"

static int read_in(const struct check_tree *t, const char *path, char *text,
		   size_t len, char *why)
{
	struct tree tree;
	int err;

	assert_int_equal(tree_open(&tree, t->root), 0);
	err = tree_read(&tree, path, text, len, why);
	tree_close(&tree);
	return err;
}

TEST(a_tree_reads_no_more_than_there_is_room_for)
{
	char text[8], why[TREE_WHY_LEN];
	struct check_tree t;

	check_tree_make(&t);
	check_tree_write(&t, "proc/long", "0123456789");
	check_tree_write(&t, "proc/blanks", "a b \n\n");
	assert_int_equal(read_in(&t, "proc/long", text, sizeof(text), why), 0);
	assert_string_equal(text, "0123456");
	assert_int_equal(read_in(&t, "proc/blanks", text, sizeof(text), why),
			 0);
	assert_string_equal(text, "a b");
	check_tree_remove(&t);
}

TEST(a_tree_neither_waits_for_a_fifo_nor_reads_a_folder_or_a_device)
{
	char text[8], why[TREE_WHY_LEN], path[64];
	struct check_tree t;

	check_tree_make(&t);
	snprintf(path, sizeof(path), "%s/fifo", t.root);
	assert_int_equal(mkfifo(path, 0600), 0);
	alarm(10);
	assert_int_equal(read_in(&t, "fifo", text, sizeof(text), why), -EINVAL);
	alarm(0);
	assert_string_equal(why, "is no regular file");
	assert_int_equal(read_in(&t, "sys", text, sizeof(text), why), -EINVAL);
	check_tree_remove(&t);
}

TEST(no_link_leads_out_of_a_tree)
{
	char text[64], why[TREE_WHY_LEN], path[64];
	struct check_tree t;

	check_tree_make(&t);
	check_tree_write(&t, "etc/passwd", "the tree's\n");
	snprintf(path, sizeof(path), "%s/absolute", t.root);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	snprintf(path, sizeof(path), "%s/up", t.root);
	assert_int_equal(symlink("../../../etc/passwd", path), 0);
	assert_int_equal(read_in(&t, "absolute", text, sizeof(text), why), 0);
	assert_string_equal(text, "the tree's");
	assert_int_equal(read_in(&t, "up", text, sizeof(text), why), 0);
	assert_string_equal(text, "the tree's");
	assert_int_equal(
		read_in(&t, "../../../etc/hostname", text, sizeof(text), why),
		-ENOENT);
	check_tree_remove(&t);
}

TEST(what_is_not_there_says_how_to_get_it)
{
	char text[8], why[TREE_WHY_LEN];
	struct check_tree t;

	check_tree_make(&t);
	assert_int_equal(read_in(&t, "proc/x", text, sizeof(text), why),
			 -ENOENT);
	assert_has(why, "not in this kernel");
	read_in(&t, "sys/kernel/debug/x", text, sizeof(text), why);
	assert_has(why, "mount -t debugfs");
	read_in(&t, "sys/kernel/tracing/x", text, sizeof(text), why);
	assert_has(why, "mount -t tracefs");
	check_tree_write(&t, "sys/kernel/debug/y", "");
	read_in(&t, "sys/kernel/debug/x", text, sizeof(text), why);
	assert_has(why, "not in this kernel");
	check_tree_remove(&t);
}

static void is_list(const char *text, const char *wanted)
{
	char list[64];
	struct cpumask m;

	assert_true(cpumask_from_list(&m, text));
	cpumask_to_list(&m, list, sizeof(list));
	assert_string_equal(list, wanted);
}

TEST(sets_of_cpus_are_lists)
{
	struct cpumask m;

	is_list("0-2,5,4095", "0-2,5,4095");
	is_list("", "none");
	is_list("(null)", "none");
	assert_false(cpumask_from_list(&m, "4096"));
	assert_false(cpumask_from_list(&m, "0-"));
	assert_false(cpumask_from_list(&m, "x"));
}

TEST(sets_of_cpus_are_masks)
{
	char text[64];
	struct cpumask m;

	assert_true(cpumask_from_hex(&m, "80000000,00000001,00000002"));
	assert_true(cpumask_has(&m, 95) && cpumask_has(&m, 32) &&
		    cpumask_has(&m, 1));
	assert_int_equal(cpumask_count(&m), 3);
	cpumask_to_hex(&m, text, sizeof(text));
	assert_string_equal(text, "80000000,00000001,00000002");
	assert_true(cpumask_from_hex(&m, "F"));
	cpumask_to_hex(&m, text, sizeof(text));
	assert_string_equal(text, "f");
	assert_false(cpumask_from_hex(&m, ""));
	assert_false(cpumask_from_hex(&m, ","));
	assert_false(cpumask_from_hex(&m, "1,"));
	assert_false(cpumask_from_hex(&m, ",1"));
	assert_false(cpumask_from_hex(&m, "0x1"));
	assert_false(cpumask_from_hex(&m, "123456789"));
}

TEST(a_mask_of_too_many_cpus_is_none)
{
	char text[9 * 200] = "1";
	struct cpumask m;

	for (int i = 0; i < 128; i++)
		strcat(text, ",00000000");
	assert_false(cpumask_from_hex(&m, text));
}

TEST(a_line_of_proc_stat_is_a_task)
{
	static const char end[] =
		" 1 2 3 4 5 2097152 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 "
		"22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 9 1 0 0 0 0";
	char text[256];
	struct task t = {.tid = 1};

	snprintf(text, sizeof(text), "7 (a) b (c) S%s", end);
	assert_true(task_parse(&t, text));
	assert_string_equal(t.name, "a) b (c");
	assert_true(t.is_kernel);
	assert_int_equal(t.prio, 9);
	assert_false(task_parse(&t, ""));
	assert_false(task_parse(&t, "7 (a"));
	assert_false(task_parse(&t, "7 )a("));
	assert_false(task_parse(&t, "7 (a)"));
	assert_false(task_parse(&t, "7 (a) S 1 2 3"));
	assert_false(task_parse(&t, "7 (a) S x"));
}

static void assert_refused(const char *root, const char *text)
{
	struct check_host *h = malloc(sizeof(*h));
	char why[CHECK_WHY_LEN];
	int cpus[] = {9};

	assert_non_null(h);
	assert_false(check_host_open(h, root, cpus, 1, why));
	assert_has(why, text);
	free(h);
}

TEST(a_cpu_or_a_tree_that_is_not_there_is_refused)
{
	struct check_tree t;

	check_tree_make(&t);
	assert_refused(t.root, "CPU 9 is not online in /tmp/check-");
	assert_refused("/tmp/there-is-no-such-folder", "--root wants a folder");
	assert_refused("/proc", "--root wants a copy");
	check_tree_remove(&t);
}

static void chosen_is(const struct check_tree *t, const char *wanted)
{
	struct check_host *h = malloc(sizeof(*h));
	char list[64];

	assert_non_null(h);
	check_tree_open(h, t->root, NULL, 0);
	cpumask_to_list(&h->vcpus, list, sizeof(list));
	assert_string_equal(list, wanted);
	check_host_close(h);
	free(h);
}

TEST(vcpus_are_on_isolated_cpus_or_on_the_highest)
{
	struct check_tree t;

	check_tree_make(&t);
	chosen_is(&t, "3");
	check_tree_write(&t, "sys/devices/system/cpu/isolated", "1-2,7\n");
	chosen_is(&t, "1-2");
	check_tree_remove(&t);
}

static bool kernel_has_debugfs(void)
{
	char text[4096], why[TREE_WHY_LEN];
	struct tree t;
	int err;

	assert_int_equal(tree_open(&t, NULL), 0);
	err = tree_read(&t, "proc/filesystems", text, sizeof(text), why);
	tree_close(&t);
	return !err && strstr(text, "\tdebugfs\n");
}

TEST(root_has_debugfs_whether_it_is_mounted_or_not)
{
	char text[64], why[TREE_WHY_LEN];
	struct tree t;

	if (geteuid() != 0 || !kernel_has_debugfs())
		skip();
	assert_int_equal(tree_open(&t, NULL), 0);
	tree_mount_debugfs(&t);
	if (!tree_has(&t, "sys/kernel/debug/sched") &&
	    !tree_has(&t, "sys/kernel/debug/kvm") &&
	    !tree_has(&t, "sys/kernel/debug/bdi"))
		fail_msg("nothing is in debugfs");
	/* It is what is not there, not debugfs. */
	tree_read(&t, "sys/kernel/debug/no-such-file", text, sizeof(text), why);
	assert_string_equal(why, "not in this kernel or machine");
	tree_close(&t);
}
