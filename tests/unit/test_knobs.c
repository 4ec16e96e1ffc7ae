/* SPDX-License-Identifier: BSD-2-Clause */
/* test_knobs.c - the table of knobs, and the values that they deal with. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/host/check_look.h"
#include "vmm/host/knob_value.h"

/* Calls fn for each knob. */
static unsigned int of_all(void (*fn)(const struct knob *k))
{
	const struct knob_group *groups[KNOB_MAX_GROUPS];
	unsigned int nr = knob_groups(groups), all = 0;

	for (unsigned int i = 0; i < nr; i++) {
		assert_true(i == 0 || groups[i - 1]->order < groups[i]->order);
		for (size_t k = 0; k < groups[i]->nr; k++, all++)
			fn(&groups[i]->list[k]);
	}
	return all;
}

/* Each word of checks is a check of doctor's, and that one finds a knob. */
static void mends(const struct knob *k)
{
	char words[256], *next = words, *word;
	const char *group;

	snprintf(words, sizeof(words), "%s", k->checks);
	while ((word = strsep(&next, "|")) != NULL)
		if (!check_find(word, &group) || !knob_of_check(word))
			fail_msg("%s: %s is no check", k->name, word);
}

static void is_whole(const struct knob *k)
{
	if (knob_find(k->name) != k)
		fail_msg("%s: there are two of that name", k->name);
	if (!k->why || k->why[strlen(k->why) - 1] != '.')
		fail_msg("%s: no sentence why", k->name);
	if (!k->files[0].path)
		fail_msg("%s: it changes no file", k->name);
	for (size_t i = 0; i < KNOB_MAX_FILES && k->files[i].path; i++) {
		const struct knob_file *f = &k->files[i];

		assert_true(f->path[0] != '/' && !strstr(f->path, ".."));
		/* By itself only a list or mask knows what it is to be. */
		if (!k->plan && f->kind != KNOB_LIST && f->kind != KNOB_MASK)
			assert_non_null(f->value);
	}
	if (k->checks)
		mends(k);
}

TEST(each_knob_is_whole_and_names_checks_that_there_are)
{
	assert_true(of_all(is_whole) >= 28);
	assert_null(knob_of_check("nohz-full"));
	assert_null(knob_find("no-such-knob"));
}

static bool owns(const char *knob, const char *path)
{
	const struct knob *k = knob_find(knob);

	assert_non_null(k);
	return knob_owns(k, path);
}

#define CPU "sys/devices/system/cpu/cpu"

TEST(a_knob_owns_its_files_and_no_others)
{
	assert_true(owns("governor", CPU "0/cpufreq/scaling_governor"));
	assert_true(owns("governor", CPU "4095/cpufreq/scaling_governor"));
	assert_false(owns("governor", CPU "/cpufreq/scaling_governor"));
	assert_false(owns("governor", CPU "00000/cpufreq/scaling_governor"));
	assert_false(
		owns("governor", CPU "1/../cpu2/cpufreq/scaling_governor"));
	assert_false(owns("governor", CPU "1/cpufreq/scaling_governor/"));
	assert_false(owns("governor", "/" CPU "1/cpufreq/scaling_governor"));
	assert_false(owns("governor", ""));
	assert_true(owns("idle-states", CPU "1/cpuidle/state10/disable"));
	assert_false(owns("idle-states", CPU "1/cpuidle/state/disable"));
	assert_false(owns("idle-states", CPU "1/cpuidle/state1/x/disable"));
	assert_true(owns("interrupts", "proc/irq/7/smp_affinity_list"));
	assert_false(owns("interrupts", "proc/irq/../smp_affinity_list"));
	assert_false(owns("interrupts", "proc/irq/.x/smp_affinity_list"));
	assert_false(owns("interrupts", "proc/irq//smp_affinity_list"));
	assert_true(owns("packet-steering",
			 "sys/class/net/br0.5/queues/rx-0/rps_cpus"));
	assert_false(owns("packet-steering",
			  "sys/class/net/../queues/rx-0/rps_cpus"));
}

static void takes(enum knob_kind kind, const char *text, const char *wanted)
{
	char value[KNOB_VALUE_LEN];

	if (!knob_value_take(kind, text, value))
		fail_msg("'%s' has no value", text);
	assert_string_equal(value, wanted);
}

TEST(a_value_is_what_can_be_written_back)
{
	char value[KNOB_VALUE_LEN], *lots = malloc(KNOB_VALUE_LEN + 1);

	takes(KNOB_NUMBER, "950000\n", "950000");
	takes(KNOB_WORD, "performance\n", "performance");
	takes(KNOB_WORD, "always [madvise] never\n", "madvise");
	takes(KNOB_LIST, "0-3,7\n", "0-3,7");
	takes(KNOB_L3, "    MB:0=100\n    L3:0=fff;1=0ff\n", "0=fff;1=0ff");
	takes(KNOB_HAS_CPUSET, "cpu cpuset io\n", "+cpuset");
	takes(KNOB_HAS_CPUSET, "cpu cpusets io\n", "-cpuset");
	takes(KNOB_HAS_CPUSET, "\n", "-cpuset");
	assert_false(knob_value_take(KNOB_NUMBER, "\n", value));
	assert_false(knob_value_take(KNOB_L3, "L2:0=f\n", value));
	/* With code and data apart there is no such mask. */
	assert_false(knob_value_take(KNOB_L3, "L3CODE:0=f\n", value));
	assert_non_null(lots);
	memset(lots, '1', KNOB_VALUE_LEN);
	lots[KNOB_VALUE_LEN] = '\0';
	assert_false(knob_value_take(KNOB_NUMBER, lots, value));
	free(lots);
}

TEST(two_values_are_the_same_if_they_mean_the_same)
{
	assert_true(knob_value_same(KNOB_MASK, "f", "00000000,0000000f"));
	assert_false(knob_value_same(KNOB_MASK, "f", "1f"));
	assert_true(knob_value_same(KNOB_LIST, "0-3", "0,1,2-3"));
	assert_false(knob_value_same(KNOB_LIST, "0-3", "0-2"));
	assert_false(knob_value_same(KNOB_LIST, "0-3", "x"));
	assert_true(knob_value_same(KNOB_NUMBER, "010", "10"));
	assert_false(knob_value_same(KNOB_NUMBER, "10", "10 1"));
	assert_false(knob_value_same(KNOB_NUMBER, "", "0"));
	assert_false(
		knob_value_same(KNOB_WORD, "isolated", "isolated invalid (x)"));
	assert_true(knob_value_same(KNOB_L3, "0=0f;1=00f", "0=f;1=f"));
	assert_false(knob_value_same(KNOB_L3, "0=0f;1=0f", "0=0f"));
	assert_false(knob_value_same(KNOB_L3, "0=f0", "0=f"));
}

static void leaves(enum knob_kind kind, const char *old, const char *wanted)
{
	struct check_host *h = calloc(1, sizeof(*h));
	char value[KNOB_VALUE_LEN];

	assert_non_null(h);
	assert_true(cpumask_from_list(&h->online, "0-5"));
	assert_true(cpumask_from_list(&h->vcpus, "2-3"));
	h->others = cpumask_without(&h->online, &h->vcpus);
	assert_true(knob_value_without(kind, h, old, value));
	assert_string_equal(value, wanted);
	assert_false(knob_value_without(kind, h, "x", value));
	free(h);
}

TEST(vcpus_cpus_are_taken_out_of_a_list_or_mask)
{
	leaves(KNOB_LIST, "0-3", "0-1");
	leaves(KNOB_LIST, "1,3,5", "1,5");
	/* Nothing would be left, or nothing that is online. */
	leaves(KNOB_LIST, "2", "0-1,4-5");
	leaves(KNOB_LIST, "2,7", "0-1,4-5");
	/* It has none of them. */
	leaves(KNOB_LIST, "4,7", "4,7");
	leaves(KNOB_MASK, "ff", "33");
	leaves(KNOB_MASK, "00000000,0000000c", "33");
	leaves(KNOB_MASK, "0", "0");
}

static void shows(enum knob_kind kind, const char *old, const char *value,
		  const char *wanted)
{
	char text[KNOB_TEXT_LEN];

	knob_value_text(kind, false, old, value, text);
	assert_string_equal(text, wanted);
}

TEST(a_copy_shows_what_a_kernel_would)
{
	char text[KNOB_TEXT_LEN];

	shows(KNOB_NUMBER, "950000\n", "-1", "-1\n");
	shows(KNOB_WORD, "always [madvise] never\n", "never",
	      "always madvise [never]\n");
	shows(KNOB_WORD, "always madvise [never]\n", "always",
	      "[always] madvise never\n");
	shows(KNOB_WORD, "powersave\n", "performance", "performance\n");
	shows(KNOB_L3, "    L3:0=fff;1=fff\n    MB:0=100\n", "0=f0f;1=f0f",
	      "    L3:0=f0f;1=f0f\n    MB:0=100\n");
	shows(KNOB_L3, "", "0=0f0", "L3:0=0f0\n");
	shows(KNOB_HAS_CPUSET, "cpu io\n", "+cpuset", "cpu io cpuset\n");
	shows(KNOB_HAS_CPUSET, "\n", "+cpuset", "cpuset\n");
	shows(KNOB_HAS_CPUSET, "cpu io cpuset\n", "-cpuset", "cpu io\n");
	shows(KNOB_HAS_CPUSET, "cpuset cpu\n", "-cpuset", "cpu\n");
	shows(KNOB_HAS_CPUSET, "cpuset\n", "-cpuset", "\n");
	knob_value_text(KNOB_HAS_CPUSET, true, "cpu io\n", "+cpuset", text);
	assert_string_equal(text, "+cpuset\n");
	knob_value_text(KNOB_L3, true, "    L3:0=fff\n", "0=f", text);
	assert_string_equal(text, "L3:0=f\n");
	knob_value_text(KNOB_WORD, true, "[always] never\n", "never", text);
	assert_string_equal(text, "never\n");
}
