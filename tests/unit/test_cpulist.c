/* SPDX-License-Identifier: BSD-2-Clause */
/* test_cpulist.c - lists of CPUs as the kernel and --cpus write them. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "vmm/host/cpulist.h"

#define MAX 8

static void assert_list(const char *text, int nr, const int *wanted)
{
	int cpus[MAX + 1];

	memset(cpus, 0x7f, sizeof(cpus));
	assert_int_equal(cpulist_parse(text, cpus, MAX), nr);
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

TEST(cpulist_refuses_what_is_no_list)
{
	static const char *const texts[] = {
		"",   ",",    "-",   "-1", "1-",  "1-2-3", "2-1",  "1,",
		",1", "1,,2", "a",   "1a", "1 ",  " 1",	   "1, 2", "1;2",
		"+1", "0x1",  "1.0", "\n", "1\n", "1--2",
	};

	for (unsigned int i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_list(texts[i], -1, NULL);
}

TEST(cpulist_refuses_impossible_cpus)
{
	assert_list("4096", -1, NULL);
	assert_list("4294967296", -1, NULL);
	assert_list("18446744073709551616", -1, NULL);
	assert_list("0-4294967295", -1, NULL);
	assert_list("99999999999999999999999999-1", -1, NULL);
}

TEST(cpulist_refuses_more_than_there_is_room_for)
{
	int none[1] = {42};

	assert_list("0-7", 8, (int[]){0, 1, 2, 3, 4, 5, 6, 7});
	assert_list("0-8", -1, NULL);
	assert_list("0-4095", -1, NULL);
	assert_list("0-6,7,8", -1, NULL);
	assert_list("1,2,3,4,5,6,7,8,9", -1, NULL);
	assert_int_equal(cpulist_parse("0", none, 0), -1);
	assert_int_equal(none[0], 42);
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
