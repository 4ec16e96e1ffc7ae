/* SPDX-License-Identifier: BSD-2-Clause */
/* test_cpulist.c - lists of CPUs as the kernel and --cpus write them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/check_tree.h"
#include "tests/unit/unit.h"
#include "vmm/host/cpulist.h"

#define MAX  8
#define LAST 5 /* what N stands for */

static void assert_list(const char *text, int nr, const int *wanted)
{
	int cpus[MAX + 1];

	memset(cpus, 0x7f, sizeof(cpus));
	assert_int_equal(cpulist_parse(text, LAST, cpus, MAX), nr);
	if (nr > 0)
		assert_memory_equal(cpus, wanted, (size_t)nr * sizeof(int));
	/* Nothing behind the caller's array. */
	assert_int_equal(cpus[MAX], 0x7f7f7f7f);
}

TEST(cpulist_takes_numbers_and_ranges)
{
	assert_list("0", 1, (int[]){0});
	assert_list("2,3", 2, (int[]){2, 3});
	assert_list("4-7", 4, (int[]){4, 5, 6, 7});
	assert_list("0-2,5", 4, (int[]){0, 1, 2, 5});
	assert_list("3-3", 1, (int[]){3});
	assert_list("4095", 1, (int[]){4095});
	assert_list("007", 1, (int[]){7});
}

TEST(cpulist_keeps_order_and_repeats)
{
	assert_list("5,1,5", 3, (int[]){5, 1, 5});
	assert_list("7,0-1", 3, (int[]){7, 0, 1});
}

static void assert_refused(const char *const *texts, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		assert_list(texts[i], -1, NULL);
}

TEST(cpulist_refuses_what_is_no_list)
{
	static const char *const texts[] = {
		"",   ",",    "-",   "-1", "1-",  "1-2-3", "2-1",  "1,",
		",1", "1,,2", "a",   "1a", "1 ",  " 1",	   "1, 2", "1;2",
		"+1", "0x1",  "1.0", "\n", "1\n", "1--2",
	};

	assert_refused(texts, sizeof(texts) / sizeof(*texts));
}

/* Groups are of a range, and of a size; N and all have one spelling. */
TEST(cpulist_refuses_what_the_kernel_refuses)
{
	static const char *const texts[] = {
		"0-7:",	    "0-7:1",	 "0-7:1/",	"0-7:/2",  "0-7:0/2",
		"0-7:3/2",  "0-7:1/0",	 "0-7/0",	"0-7/",	   "0-7/-1",
		"0-7:-1/2", "0-7:1/2/3", "0-7:1/2:1/2", "3:1/2",   "3/2",
		"0-7/N",    "N/2",	 "0-2:3/2",	"0-7:N/5", "n",
		"NN",	    "N1",	 "1N",		"N-",	   "-N",
		"N-0",	    "6-N",	 "All",		"ALL",	   "al",
		"all1",	    "allall",	 "all-3",	"0-all",   "all:",
		"all/",	    "all,",	 "auto",	"none",
	};

	assert_refused(texts, sizeof(texts) / sizeof(*texts));
}

/* Documentation/admin-guide/kernel-parameters.rst, "cpu lists". */
TEST(cpulist_takes_what_the_kernel_takes)
{
	assert_list("0-15:2/4", 8, (int[]){0, 1, 4, 5, 8, 9, 12, 13});
	assert_list("1,10-20:2/5", 6, (int[]){1, 10, 11, 15, 16, 20});
	assert_list("10-20:5/5,0", -1, NULL); /* all 11: no room */
	assert_list("2-9:8/8", 8, (int[]){2, 3, 4, 5, 6, 7, 8, 9});
	assert_list("0-3:1/4095", 1, (int[]){0});
	assert_list("5-5:3/4", 1, (int[]){5});
	assert_list("N", 1, (int[]){LAST});
	assert_list("3-N", 3, (int[]){3, 4, 5});
	assert_list("N-N", 1, (int[]){LAST});
	assert_list("N-7,0", 4, (int[]){5, 6, 7, 0});
	assert_list("0-N:1/2", 3, (int[]){0, 2, 4});
	assert_list("all", 6, (int[]){0, 1, 2, 3, 4, 5});
	assert_list("all:1/3", 2, (int[]){0, 3});
	assert_list("7,all", 7, (int[]){7, 0, 1, 2, 3, 4, 5});
}

TEST(cpulist_takes_every_nth)
{
	assert_list("0-7/2", 4, (int[]){0, 2, 4, 6});
	assert_list("1-7/3,0", 4, (int[]){1, 4, 7, 0});
	assert_list("0-4095/1024", 4, (int[]){0, 1024, 2048, 3072});
	assert_list("0-3/1", 4, (int[]){0, 1, 2, 3});
	assert_list("all/5", 2, (int[]){0, 5});
	assert_list("0-4095/4095", 2, (int[]){0, 4095});
}

/* Of a machine that does not say which CPUs it has. */
TEST(cpulist_without_a_last_cpu_refuses_what_stands_for_it)
{
	static const char *const texts[] = {"N",   "0-N",     "all",  "N-3",
					    "N-N", "all:1/2", "0,all"};
	int cpus[MAX];

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_int_equal(
			cpulist_parse(texts[i], CPULIST_NO_LAST, cpus, MAX),
			-1);
	assert_int_equal(cpulist_parse("0-3/2", CPULIST_NO_LAST, cpus, MAX), 2);
}

TEST(cpulist_refuses_impossible_cpus)
{
	assert_list("4096", -1, NULL);
	assert_list("4294967296", -1, NULL);
	assert_list("18446744073709551616", -1, NULL);
	assert_list("0-4294967295", -1, NULL);
	assert_list("99999999999999999999999999-1", -1, NULL);
	assert_list("0-1:1/4096", -1, NULL);
	assert_list("0-1:4294967297/4294967298", -1, NULL);
	assert_list("0-1/18446744073709551617", -1, NULL);
	assert_list("0-4096/1000", -1, NULL);
}

TEST(cpulist_refuses_more_than_there_is_room_for)
{
	int none[1] = {42};

	assert_list("0-7", 8, (int[]){0, 1, 2, 3, 4, 5, 6, 7});
	assert_list("0-8", -1, NULL);
	assert_list("0-4095", -1, NULL);
	assert_list("0-6,7,8", -1, NULL);
	assert_list("0-4095:2/3", -1, NULL);
	assert_list("0-4095/2", -1, NULL);
	assert_list("1-8,all", -1, NULL);
	assert_list("1,2,3,4,5,6,7,8,9", -1, NULL);
	assert_int_equal(cpulist_parse("0", LAST, none, 0), -1);
	assert_int_equal(none[0], 42);
}

/* A megabyte of it is no reason to write where there is no room. */
TEST(cpulist_takes_no_harm_from_a_huge_list)
{
	static const char part[] = "0-4095:7/9,";
	const size_t parts = 100000;
	char *text = calloc(parts, sizeof(part) - 1), *digits;
	int cpus[MAX] = {0};

	assert_non_null(text);
	for (size_t i = 0; i < parts; i++)
		memcpy(text + i * (sizeof(part) - 1), part, sizeof(part) - 1);
	text[parts * (sizeof(part) - 1) - 1] = '\0';
	assert_int_equal(cpulist_parse(text, LAST, cpus, MAX), -1);
	free(text);
	digits = calloc(1, 1000001);
	assert_non_null(digits);
	memset(digits, '9', 1000000);
	assert_int_equal(cpulist_parse(digits, LAST, cpus, MAX), -1);
	memset(digits, '0', 1000000);
	assert_int_equal(cpulist_parse(digits, LAST, cpus, MAX), 1);
	free(digits);
}

TEST(cpulist_knows_the_last_cpu_of_a_machine)
{
	static const struct {
		const char *online;
		int last;
	} cases[] = {{"0-3\n", 3},
		     {"0\n", 0},
		     {"0-1,5,8-11\n", 11},
		     {"", CPULIST_NO_LAST},
		     {"junk\n", CPULIST_NO_LAST}};
	struct check_tree t;
	struct tree tree;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		check_tree_make(&t);
		check_tree_write(&t, "sys/devices/system/cpu/online",
				 cases[i].online);
		assert_int_equal(tree_open(&tree, t.root), 0);
		assert_int_equal(cpulist_last(&tree), cases[i].last);
		tree_close(&tree);
		check_tree_remove(&t);
	}
}

TEST(cpulist_reads_the_first_line_of_a_file)
{
	int fd = memfd_create("list", MFD_CLOEXEC), cpus[MAX];
	char path[64];

	assert_true(fd >= 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	assert_int_equal(cpulist_read(path, cpus, MAX), 0);
	assert_int_equal(write(fd, "1-2,4\njunk\n", 11), 11);
	assert_int_equal(cpulist_read(path, cpus, MAX), 3);
	assert_int_equal(cpus[2], 4);
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(pwrite(fd, "\n", 1, 0), 1);
	assert_int_equal(cpulist_read(path, cpus, MAX), 0);
	close(fd);
	assert_int_equal(cpulist_read("/nowhere", cpus, MAX), 0);
}
