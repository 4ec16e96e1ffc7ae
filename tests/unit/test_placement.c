/* SPDX-License-Identifier: BSD-2-Clause */
/* test_placement.c - which CPUs the threads get; no priority is changed. */
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/fake_vm.h"
#include "tests/unit/unit.h"
#include "vmm/host/placement.h"

struct wanted {
	struct placement_wish wish;
	uint32_t nr_vcpus;
};

static void choose(void *arg)
{
	const struct wanted *w = arg;
	struct placement p;

	placement_choose(&p, &w->wish, w->nr_vcpus);
}

TEST(placement_takes_the_cpus_that_were_named)
{
	struct placement_wish wish = {.nr_cpus = 1, .cpus = {fake_cpu()}};
	struct placement p;

	placement_choose(&p, &wish, 1);
	assert_int_equal(p.cpu[0], wish.cpus[0]);
	assert_true(CPU_ISSET(p.cpu[0], &p.allowed));
	assert_true(p.shared || !CPU_ISSET(p.cpu[0], &p.housekeeping));
	assert_true(CPU_COUNT(&p.housekeeping) > 0);
}

TEST(placement_leaves_the_affinity_as_it_was)
{
	struct placement_wish wish = {.nr_cpus = 0};
	struct placement p;
	cpu_set_t before, after;

	sched_getaffinity(0, sizeof(before), &before);
	placement_choose(&p, &wish, 1);
	sched_getaffinity(0, sizeof(after), &after);
	assert_true(CPU_EQUAL(&before, &after));
}

TEST(placement_gives_each_vcpu_a_cpu_of_its_own)
{
	struct placement_wish wish = {.nr_cpus = 0};
	struct placement p;
	cpu_set_t set;
	uint32_t nr;

	sched_getaffinity(0, sizeof(set), &set);
	nr = (uint32_t)CPU_COUNT(&set);
	nr = nr > MAX_VCPUS ? MAX_VCPUS : nr;
	placement_choose(&p, &wish, nr);
	for (uint32_t i = 0; i < nr; i++)
		for (uint32_t k = 0; k < i; k++)
			assert_int_not_equal(p.cpu[i], p.cpu[k]);
}

TEST(placement_refuses_one_cpu_for_two_vcpus)
{
	int cpu = fake_cpu();
	struct wanted w = {
		.wish = {.nr_cpus = 2, .cpus = {cpu, cpu}},
		.nr_vcpus = 2,
	};
	struct placement p;

	assert_dies(choose, &w, "vCPUs 0 and 1 both want CPU");
	w.wish.nr_cpus = 1;
	assert_dies(choose, &w, "2 vCPUs want a CPU each, 1 given by --cpus");
	w.wish.overcommit = true;
	placement_choose(&p, &w.wish, 2);
	assert_int_equal(p.cpu[0], cpu);
	assert_int_equal(p.cpu[1], cpu);
}

TEST(placement_refuses_a_cpu_that_is_not_there)
{
	struct wanted w = {
		.wish = {.nr_cpus = 1, .cpus = {1000}},
		.nr_vcpus = 1,
	};

	assert_dies(choose, &w, "vCPU 0 cannot run on CPU 1000");
	/* Above what a cpu_set_t holds; a list may name it. */
	w.wish.cpus[0] = 4095;
	assert_dies(choose, &w, "vCPU 0 cannot run on CPU 4095");
}

TEST(placement_refuses_more_vcpus_than_cpus)
{
	struct wanted w = {.nr_vcpus = MAX_VCPUS};
	cpu_set_t set;

	sched_getaffinity(0, sizeof(set), &set);
	if (CPU_COUNT(&set) >= MAX_VCPUS) {
		print_message("# skipped: this host has a CPU for each\n");
		skip();
	}
	assert_dies(choose, &w, "64 vCPUs want a CPU each");
}

static int another_cpu(int not )
{
	cpu_set_t set;

	sched_getaffinity(0, sizeof(set), &set);
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (i != not &&CPU_ISSET(i, &set))
			return i;
	print_message("# skipped: this process has one CPU\n");
	skip();
	return -1;
}

TEST(housekeeping_is_where_it_was_said)
{
	int cpu = fake_cpu(), other = another_cpu(cpu);
	struct wanted w = {.nr_vcpus = 1};
	struct placement p;

	w.wish.names_housekeeping = true;
	CPU_SET(cpu, &w.wish.housekeeping);
	/* Those that are chosen for vCPUs are others. */
	placement_choose(&p, &w.wish, 1);
	assert_int_not_equal(p.cpu[0], cpu);
	assert_true(CPU_EQUAL(&p.housekeeping, &w.wish.housekeeping));
	assert_false(p.shared);
	w.wish.nr_cpus = 1;
	w.wish.cpus[0] = cpu;
	assert_dies(choose, &w, "--housekeeping and vCPU 0 both want CPU");
	/* Beside another one too: the main thread may be here. */
	CPU_SET(other, &w.wish.housekeeping);
	assert_dies(choose, &w, "--housekeeping and vCPU 0 both want CPU");
	w.wish.overcommit = true;
	placement_choose(&p, &w.wish, 1);
	assert_true(p.shared);
	CPU_SET(CPU_SETSIZE - 1, &w.wish.housekeeping);
	assert_dies(choose, &w, "--housekeeping: CPU 1023 is offline");
}
