/* SPDX-License-Identifier: BSD-2-Clause */
/* test_outside.c - what took CPUs without an event. */
#include <unistd.h>

#include "tests/unit/unit.h"
#include "vmm/host/outside.h"
#include "vmm/host/smi.h"

TEST(outside_steal_is_the_eighth_count_of_that_cpu)
{
	static const char stat[] = "cpu  1 2 3 4 5 6 7 88 9 10\n"
				   "cpu0 11 12 13 14 15 16 17 18 19 20\n"
				   "cpu1 21 22 23 24 25 26 27 28 29 30\n"
				   "cpu10 1 1 1 1 1 1 1 99\n"
				   "cpu11 1 1 1 1 1 1 1\n"
				   "cpu12 1 1 1 x\n"
				   "intr 5\n";
	uint64_t ticks = 0;

	assert_true(outside_steal(stat, 0, &ticks));
	assert_int_equal(ticks, 18);
	assert_true(outside_steal(stat, 1, &ticks));
	assert_int_equal(ticks, 28);
	assert_true(outside_steal(stat, 10, &ticks));
	assert_int_equal(ticks, 99);
	for (int cpu = 11; cpu < 14; cpu++)
		assert_false(outside_steal(stat, cpu, &ticks));
	assert_false(outside_steal("", 0, &ticks));
}

TEST(outside_counts_what_comes_between_begin_and_end)
{
	static const int cpus[] = {0};
	struct outside *o = outside_open(cpus, 1);
	struct outside_counts n;
	uint64_t smis;
	int fd = smi_open(0);
	const char *why = smi_read(fd, &smis);

	outside_begin(o);
	outside_end(o);
	n = outside_counts(o);
	assert_true(n.steal_known);
	/* Of the time between two looks at a file. */
	assert_true(n.steal_ns < 10000000000ull);
	assert_int_equal(n.steal_ns % 10000000, 0);
	if (why)
		assert_string_equal(n.no_smis, why);
	else
		assert_null(n.no_smis);
	outside_close(o);
	outside_close(NULL);
	if (fd >= 0)
		close(fd);
}

TEST(outside_steal_of_no_such_cpu_is_not_known)
{
	static const int cpus[] = {0, 99999};
	struct outside *o = outside_open(cpus, 2);

	outside_begin(o);
	outside_end(o);
	assert_false(outside_counts(o).steal_known);
	assert_non_null(outside_counts(o).no_smis);
	outside_close(o);
}
