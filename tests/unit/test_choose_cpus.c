/* SPDX-License-Identifier: BSD-2-Clause */
/* test_choose_cpus.c - CPUs for vCPUs, on machines that nobody has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/host/choose_cpus.h"

#define MOST 512

/* CPUs of one core, one L3 and one node each, until it is said otherwise. */
struct machine {
	struct host_cpus h;
	struct host_cpu list[MOST];
};

static struct machine *machine_new(int nr)
{
	struct machine *m = calloc(1, sizeof(*m));

	assert_non_null(m);
	m->h = (struct host_cpus){.nr = (size_t)nr, .list = m->list};
	for (int i = 0; i < nr; i++)
		m->list[i] = (struct host_cpu){.cpu = i, .core = i};
	return m;
}

/* Thread k of each of nr / 2 cores is CPU core + k * nr / 2, as on Intel. */
static struct machine *machine_smt(int nr)
{
	struct machine *m = machine_new(nr);

	for (int i = 0; i < nr; i++)
		m->list[i].core = i % (nr / 2);
	return m;
}

static void set_l3(struct machine *m, int first, int last, int l3, int node)
{
	for (int i = first; i <= last; i++) {
		m->list[i].l3 = l3;
		m->list[i].node = node;
	}
}

static void set_isolated(struct machine *m, int first, int last)
{
	for (int i = first; i <= last; i++)
		m->list[i].isolated = m->list[i].tickless = true;
}

/* list: "2,3"; why: a part. */
static void assert_chosen(const struct machine *m, uint32_t nr,
			  const char *list, const char *why)
{
	struct cpu_choice c = choose_cpus(&m->h, nr);
	char text[256] = "";

	for (uint32_t i = 0; i < c.nr; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "%s%d", i ? "," : "", c.cpu[i]);
	assert_string_equal(text, list);
	assert_has(c.why, why);
}

TEST(auto_takes_the_highest_of_those_alike)
{
	struct machine *m = machine_new(8);

	assert_chosen(m, 1, "7", "none is isolated, its own core, not CPU 0");
	assert_chosen(m, 3, "5,6,7",
		      "none is isolated, a core each, one L3, not CPU 0");
	free(m);
}

TEST(auto_takes_cpu_0_only_for_want_of_another)
{
	struct machine *m = machine_new(2);

	assert_chosen(m, 1, "1", "not CPU 0");
	assert_chosen(m, 2, "0,1", "CPU 0 for want of another");
	/* Not even where it is isolated, and the others are not. */
	set_isolated(m, 0, 0);
	assert_chosen(m, 1, "1", "0 of 1 isolated");
	free(m);
	m = machine_new(1);
	assert_chosen(m, 1, "0", "its own core, CPU 0 for want of another");
	/* Of more than there are it gives what there is. */
	assert_chosen(m, 3, "0", "CPU 0");
	m->h.nr = 0;
	assert_chosen(m, 1, "", "");
	free(m);
}

TEST(auto_takes_isolated_cpus_first)
{
	struct machine *m = machine_new(8);

	set_isolated(m, 2, 4);
	assert_chosen(m, 2, "3,4", "isolated and nohz_full, a core each");
	assert_chosen(m, 5, "2,3,4,6,7", "3 of 5 isolated");
	/* One without its tick beside one with. */
	m->list[4].tickless = false;
	assert_chosen(m, 2, "2,3", "isolated and nohz_full");
	m->list[2].isolated = false;
	assert_chosen(m, 1, "3", "isolated and nohz_full");
	assert_chosen(m, 3, "2,3,4", "isolated or nohz_full");
	free(m);
}

TEST(auto_takes_whole_cores_while_there_are)
{
	struct machine *m = machine_smt(8); /* cores 0/4 1/5 2/6 3/7 */

	assert_chosen(m, 3, "5,6,7", "a core each");
	/* CPU 4 is of CPU 0's core: only the fourth wants it. */
	assert_chosen(m, 4, "4,5,6,7", "a core each");
	assert_chosen(m, 5, "3,4,5,6,7", "1 on a core that is in use");
	/* CPU 0's neighbour is not as good as one without. */
	m->list[7].core = 0;
	assert_chosen(m, 1, "6", "its own core");
	m->list[7].core = 3;
	/* Isolated counts more. */
	set_isolated(m, 3, 3);
	set_isolated(m, 7, 7);
	assert_chosen(m, 1, "7", "isolated and nohz_full, its own core");
	assert_chosen(m, 2, "3,7", "1 on a core that is in use");
	free(m);
}

/* Whole cores even where that takes a thread of CPU 0's core. */
TEST(auto_goes_to_another_core_before_cpu_0_s_is_spared)
{
	struct machine *m = machine_smt(4); /* cores 0/2 1/3 */

	assert_chosen(m, 1, "3", "its own core");
	assert_chosen(m, 2, "2,3", "a core each");
	assert_chosen(m, 3, "1,2,3", "1 on a core that is in use");
	free(m);
}

TEST(auto_stays_within_an_l3)
{
	struct machine *m = machine_new(8);

	set_l3(m, 0, 3, 0, 0);
	set_l3(m, 4, 7, 4, 0);
	assert_chosen(m, 4, "4,5,6,7", "one L3");
	assert_chosen(m, 5, "3,4,5,6,7", "one node, 2 L3s");
	/* Two isolated ones of the low L3 are nearer than one of each. */
	set_isolated(m, 2, 4);
	assert_chosen(m, 2, "2,3", "one L3");
	assert_chosen(m, 3, "2,3,4", "one node, 2 L3s");
	free(m);
}

TEST(auto_stays_within_a_node)
{
	struct machine *m = machine_new(12);

	/* Node 0: CPUs 0-5, two L3s; node 1: 6-11, two L3s. */
	set_l3(m, 0, 2, 0, 0);
	set_l3(m, 3, 5, 3, 0);
	set_l3(m, 6, 8, 6, 1);
	set_l3(m, 9, 11, 9, 1);
	assert_chosen(m, 3, "9,10,11", "one L3");
	assert_chosen(m, 5, "7,8,9,10,11", "one node, 2 L3s");
	assert_chosen(m, 7, "5,6,7,8,9,10,11", "2 nodes");
	/* Isolated ones: three of node 0 in two L3s, two of node 1. */
	set_isolated(m, 2, 4);
	set_isolated(m, 8, 9);
	assert_chosen(m, 3, "2,3,4", "one node, 2 L3s");
	assert_chosen(m, 2, "3,4", "one L3");
	free(m);
}

/* Numbered in turn: one of each node after the other. */
TEST(auto_is_not_misled_by_how_cpus_are_numbered)
{
	struct machine *m = machine_new(16);

	for (int i = 0; i < 16; i++)
		set_l3(m, i, i, i % 2, i % 2);
	assert_chosen(m, 4, "9,11,13,15", "one L3");
	m->list[15].claimed = true;
	/* Another node is better than CPU 0. */
	assert_chosen(m, 8, "2,4,6,8,10,12,13,14", "2 nodes, not CPU 0");
	free(m);
}

TEST(auto_takes_one_kind_of_cores_the_fastest_if_they_are_enough)
{
	struct machine *m = machine_new(16);

	/* 0-7: four cores with two threads; 8-15: eight smaller cores. */
	for (int i = 0; i < 8; i++)
		m->list[i].core = i / 2 * 2;
	for (int i = 8; i < 16; i++)
		m->list[i].kind = CPU_EFFICIENT;
	assert_chosen(m, 1, "7", "the fastest cores");
	assert_chosen(m, 3, "3,5,7", "a core each, one L3, the fastest cores");
	assert_chosen(m, 4, "1,3,5,7", "the fastest cores");
	assert_chosen(m, 8, "8,9,10,11,12,13,14,15", "not the fastest cores");
	assert_chosen(m, 9, "1,3,5,7,11,12,13,14,15", "several kinds of cores");
	free(m);
}

TEST(auto_leaves_another_latvisor_s_cpus_to_it)
{
	struct machine *m = machine_smt(8); /* cores 0/4 1/5 2/6 3/7 */

	m->list[7].claimed = true;
	assert_chosen(m, 1, "6", "none that another latvisor has");
	assert_chosen(m, 2, "5,6", "a core each");
	/* Nor its core's other thread. */
	m->list[2].claimed = true;
	assert_chosen(m, 1, "5", "its own core");
	assert_chosen(m, 2, "4,5", "a core each");
	for (int i = 1; i < 8; i++)
		m->list[i].claimed = true;
	assert_chosen(m, 1, "0", "CPU 0 for want of another");
	assert_chosen(m, 2, "0,7", "1 another latvisor's for want of others");
	free(m);
}

/* As large as a machine gets: an answer, and soon. */
TEST(auto_chooses_of_many)
{
	struct machine *m = machine_new(MOST);
	struct cpu_choice c;

	for (int i = 0; i < MOST; i++) {
		set_l3(m, i, i, i / 4 * 4, i / 64);
		m->list[i].core = i / 2 * 2;
	}
	c = choose_cpus(&m->h, MAX_VCPUS);
	assert_int_equal(c.nr, MAX_VCPUS);
	for (uint32_t i = 1; i < c.nr; i++)
		assert_true(c.cpu[i] / 2 > c.cpu[i - 1] / 2);
	assert_has(c.why, "a core each, 2 nodes");
	assert_true(strlen(c.why) < CPUS_WHY_LEN - 1);
	free(m);
}
