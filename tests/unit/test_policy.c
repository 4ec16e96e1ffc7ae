/* SPDX-License-Identifier: BSD-2-Clause */
/* test_policy.c - policies of vCPUs' threads: --sched, and what comes of it. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/fake_vm.h"
#include "tests/unit/unit.h"
#include "vmm/commands/option_values.h"
#include "vmm/host/placement.h"
#include "vmm/host/policies.h"

static void assert_sched(const char *text, const char *wanted)
{
	struct options o = {.nr_args = 0};
	char all[256] = "";

	o.config.placement.prio = 50;
	parse_sched(&o, text);
	for (uint32_t i = 0; i < o.config.placement.nr_policies; i++) {
		struct policy p = placement_policy(&o.config.placement, i);
		char one[POLICY_TEXT_LEN];

		policy_text(&p, one);
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s",
			 i ? ", " : "", one);
	}
	assert_string_equal(all, wanted);
}

TEST(policies_are_what_sched_says)
{
	assert_sched("fifo:80", "SCHED_FIFO 80");
	assert_sched("fifo", "SCHED_FIFO 50");
	assert_sched("fifo:1,rr:98,rr,other",
		     "SCHED_FIFO 1, SCHED_RR 98, SCHED_RR 50, SCHED_OTHER");
	assert_sched("deadline:400us/900us/1ms",
		     "SCHED_DEADLINE 400/900/1000 us");
	assert_sched("deadline:400/1000", "SCHED_DEADLINE 400/1000/1000 us");
	assert_sched("deadline:2/2/2,deadline:500ms/0.5s",
		     "SCHED_DEADLINE 2/2/2 us, "
		     "SCHED_DEADLINE 500000/500000/500000 us");
}

static void parse(void *arg)
{
	struct options o = {.nr_args = 0};

	parse_sched(&o, arg);
}

TEST(policies_that_are_none_are_refused)
{
	static const char *const texts[] = {
		"",
		",",
		"fifo,",
		",fifo",
		"FIFO",
		"fif",
		"fifo:",
		"fifo:0",
		"fifo:99",
		"fifo:-1",
		"fifo:8us",
		"fifo:1.5",
		"rr:x",
		"other:",
		"other:1",
		"deadline",
		"deadline:",
		"deadline:1ms",
		"deadline:1ms/",
		"deadline:/1ms",
		"deadline:1/2/3/4",
		"deadline:1/2/3/",
		"deadline:2ms/1ms",
		"deadline:1ms/3ms/2ms",
		"deadline:3ms/1ms/9ms",
		"deadline:1us/1ms",
		"deadline:0/1ms",
		"deadline:1500ns/1ms",
		"deadline:1ms/501ms",
		"deadline:1ms/18446744073709551616",
		"deadline:99999999999999999999/1ms",
		"deadline:-1/1ms",
		"fifo;rr",
		"fifo rr",
		"80",
	};
	char text[64], many[(MAX_VCPUS + 1) * 3 + 1] = "";

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		snprintf(text, sizeof(text), "%s", texts[i]);
		assert_dies(parse, text, "--sched wants policies like fifo:80");
	}
	for (int i = 0; i <= MAX_VCPUS; i++)
		strcat(many, i ? ",rr" : "rr");
	assert_dies(parse, many, "one for each vCPU");
}

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

static struct policy deadline(uint32_t runtime_us, uint32_t period_us)
{
	return (struct policy){.kind = POLICY_DEADLINE,
			       .runtime_us = runtime_us,
			       .deadline_us = period_us,
			       .period_us = period_us};
}

TEST(policies_are_for_each_vcpu_or_one_for_all)
{
	struct wanted w = {
		.wish = {.prio = 80,
			 .overcommit = true,
			 .nr_policies = 2,
			 .policies = {{.kind = POLICY_RR, .prio = 7},
				      {.kind = POLICY_OTHER}}},
		.nr_vcpus = 3,
	};

	assert_dies(choose, &w, "--sched has 2 policies, there are 3 vCPUs");
	w.nr_vcpus = 1;
	assert_dies(choose, &w, "--sched has 2 policies, there are 1 vCPUs");
	w.nr_vcpus = 2;
	choose(&w);
	assert_int_equal(placement_top_prio(&w.wish, 2), 7);
	w.wish.nr_policies = 1;
	w.nr_vcpus = 3;
	choose(&w);
	assert_int_equal(placement_policy(&w.wish, 2).kind, POLICY_RR);
	/* None at all is --prio's. */
	w.wish.nr_policies = 0;
	assert_int_equal(placement_policy(&w.wish, 2).kind, POLICY_FIFO);
	assert_int_equal(placement_policy(&w.wish, 2).prio, 80);
	w.wish.prio = 0;
	assert_int_equal(placement_policy(&w.wish, 0).kind, POLICY_OTHER);
	w.wish.nr_policies = 1;
	w.wish.policies[0].prio = POLICY_PRIO_OPEN;
	assert_dies(choose, &w, "--prio 0 is none");
}

/* All CPUs are vCPUs': what they leave is what ends them. */
TEST(deadline_leaves_the_watchdog_some_time)
{
	struct wanted w = {.wish = {.nr_policies = 1, .overcommit = true}};
	cpu_set_t set;

	sched_getaffinity(0, sizeof(set), &set);
	w.nr_vcpus = (uint32_t)CPU_COUNT(&set);
	if (w.nr_vcpus > MAX_VCPUS || w.nr_vcpus < 2) {
		print_message("# skipped: as many vCPUs there are not\n");
		skip();
	}
	w.wish.policies[0] = deadline(951, 1000);
	assert_dies(choose, &w, "take 95 % at most");
	w.wish.policies[0] = deadline(950, 1000);
	choose(&w);
	/* With a CPU of its own it needs nothing of theirs. */
	w.nr_vcpus--;
	w.wish.policies[0] = deadline(1000, 1000);
	choose(&w);
}

TEST(policies_differ_in_what_they_say)
{
	struct policy a = {.kind = POLICY_FIFO, .prio = 3};
	struct policy b = a, c = deadline(1, 3), d = c;

	b.runtime_us = 9;
	assert_true(policy_equal(&a, &b));
	b.kind = POLICY_RR;
	assert_false(policy_equal(&a, &b));
	b.kind = POLICY_FIFO;
	b.prio = 4;
	assert_false(policy_equal(&a, &b));
	d.prio = 1;
	assert_true(policy_equal(&c, &d));
	d.deadline_us = 2;
	assert_false(policy_equal(&c, &d));
}

static void assert_policy(const struct policy *p, int number, int prio)
{
	struct sched_param sp;

	assert_int_equal(policy_enter(p, false), 0);
	assert_int_equal(sched_getscheduler(0) & 7, number);
	assert_int_equal(sched_getparam(0, &sp), 0);
	assert_int_equal(sp.sched_priority, prio);
}

TEST(a_policy_is_what_the_thread_has_then)
{
	const struct policy fifo = {.kind = POLICY_FIFO, .prio = 1};
	const struct policy rr = {.kind = POLICY_RR, .prio = 2};
	const struct policy other = {.kind = POLICY_OTHER};
	struct policy dl = deadline(1000, 100000);
	int err = policy_enter(&fifo, false);

	if (err) {
		print_message("# skipped: %s\n", strerror(-err));
		skip();
	}
	assert_policy(&rr, SCHED_RR, 2);
	assert_policy(&fifo, SCHED_FIFO, 1);
	assert_policy(&other, SCHED_OTHER, 0);
	/* With all of its CPUs; what starts threads may not have it. */
	err = policy_enter(&dl, false);
	assert_true(err == 0 || err == -EPERM || err == -EBUSY);
	if (err == 0)
		assert_int_equal(sched_getscheduler(0),
				 6 | SCHED_RESET_ON_FORK);
	assert_policy(&other, SCHED_OTHER, 0);
	dl.runtime_us = 0;
	assert_int_equal(policy_enter(&dl, false), -EINVAL);
}

/* Whoever is asked for an impossible one is named. */
TEST(a_policy_that_is_refused_is_told_by_its_number)
{
	const struct policy policies[] = {{.kind = POLICY_OTHER},
					  {.kind = POLICY_DEADLINE},
					  {.kind = POLICY_OTHER}};
	int cpus[] = {fake_cpu(), fake_cpu(), fake_cpu()};
	size_t refused = 9;

	assert_int_equal(policies_try(policies, cpus, 3, &refused), -EINVAL);
	assert_int_equal(refused, 1);
	assert_int_equal(policies_try(policies, cpus, 1, &refused), 0);
}
