/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_diagnose.c - what a result shows leads to those of doctor's checks that
 * fail on its host, each once, with what mends it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/check_tree.h"
#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include "vmm/result/diagnose.h"
#include "vmm/result/symptoms.h"

/* vCPU 0 on CPU 2, real-time, with a window of 2 s in which nothing was. */
static struct made *made_quiet(void)
{
	struct made *m = made_new();

	made_samples(made_metric(m, "wait", 0), 100);
	made_window(m);
	m->r->machine.realtime = true;
	m->r->machine.priority = 80;
	for (int i = 0; i < MADE_VCPUS; i++)
		m->r->vcpus[i].host_cpu = i < 2 ? 2 + i : i - 2;
	m->r->vcpus[0].has_wait = true;
	m->r->vcpus[0].noise = (struct result_noise){
		.known = true,
		.cpu = 2,
		.irqs_known = true,
		.softirqs_known = true,
		.nr_sources = 2,
		.sources = {{"LOC", 20}, {"24 nvme0q1", 20}},
		.softirqs = 20,
	};
	result_analyse(m->r);
	return m;
}

static void assert_shows(struct made *m, const char *text, const char *checks)
{
	struct symptom list[SYMPTOMS_MOST];

	assert_int_equal(symptoms_of(m->r, list), text != NULL);
	if (!text)
		return;
	assert_string_equal(list[0].text, text);
	assert_int_equal(strncmp(list[0].checks, checks, strlen(checks)), 0);
}

TEST(symptoms_of_a_quiet_run_are_none)
{
	struct made *m = made_quiet();

	assert_shows(m, NULL, NULL);
	made_free(m);
}

TEST(symptom_of_a_vcpu_that_waits_for_its_cpu)
{
	struct made *m = made_quiet();
	struct result_counts *c = &m->r->windows[0].counts;

	c->wait_ns = 4999999;
	assert_shows(m, NULL, NULL);
	c->wait_ns = 149060000;
	assert_shows(m, "vCPU 0 waited 149.1 ms for its CPU",
		     "rt-throttling, ");
	/* As asked for; or nobody knows. */
	m->r->metrics[0].flags = METRIC_DISTURBED;
	assert_shows(m, NULL, NULL);
	m->r->metrics[0].flags = 0;
	m->r->machine.realtime = false;
	assert_shows(m, NULL, NULL);
	m->r->machine.realtime = true;
	m->r->vcpus[0].has_wait = false;
	assert_shows(m, NULL, NULL);
	made_free(m);
}

TEST(symptom_of_interrupts_on_a_vcpus_cpu)
{
	struct made *m = made_quiet();
	struct result_noise *n = &m->r->vcpus[0].noise;

	n->sources[0].count = 502;
	assert_shows(m, "CPU 2 had 251 timer interrupts a second", "nohz-full");
	n->irqs_known = false;
	assert_shows(m, NULL, NULL);
	n->irqs_known = true;
	n->sources[0].count = 0;
	n->sources[1].count = 22;
	assert_shows(m, "CPU 2 had 11 interrupts of devices a second",
		     "interrupt-affinity, ");
	n->sources[1].count = 0;
	n->softirqs = 21;
	assert_shows(m, "CPU 2 had 10 softirqs a second", "rcu-nocbs, ");
	n->softirqs_known = false;
	assert_shows(m, NULL, NULL);
	/* Of no window that there is. */
	n->softirqs_known = true;
	n->window = 5;
	assert_shows(m, NULL, NULL);
	made_free(m);
}

TEST(symptom_of_smis_and_of_pages_from_a_disk)
{
	struct made *m = made_quiet();
	struct result_noise *n = &m->r->vcpus[0].noise;

	n->smis = 1;
	assert_shows(m, "the firmware took CPUs 1 time", "smis");
	strcpy(n->no_smis, "nobody counts");
	assert_shows(m, NULL, NULL);
	m->r->trace.asked = true;
	m->r->trace.smis = 3;
	assert_shows(m, "the firmware took CPUs 3 times", "smis");
	m->r->trace.asked = false;
	m->r->windows[0].counts.majflt = 2;
	assert_shows(m, "memory had to come from a disk 2 times",
		     "memlock-limit, ");
	made_free(m);
}

/* Of a vCPU that slept, in a time. */
TEST(symptom_of_late_wakes)
{
	struct made *m = made_quiet();
	struct result_metric *part = made_metric(m, "wait_slept", 0);

	part->flags = METRIC_PART;
	for (unsigned int i = 0; i < 50; i++)
		hist_record(part->hist, 160000, i + 1);
	result_analyse(m->r);
	assert_shows(m, "half of the wake-ups took 80 us or more",
		     "idle-states, ");
	strcpy(part->name, "wait_awake");
	assert_shows(m, NULL, NULL);
	strcpy(part->name, "wait_slept");
	m->r->ticks.insns = true;
	assert_shows(m, NULL, NULL);
	made_free(m);
}

TEST(symptom_of_a_cause_that_was_recorded)
{
	struct made *m = made_quiet();
	struct explain *x = calloc(2, sizeof(*x));

	assert_non_null(x);
	m->r->trace.list = x;
	m->r->trace.nr = 2;
	x->nr_worst = 16;
	x->nr_tally = 1;
	x->tally[0].nr = 9;
	x->tally[0].cause.kind = CAUSE_THREAD;
	strcpy(x->tally[0].cause.name, "rcu_preempt");
	assert_shows(m, "9 of the 16 worst: thread rcu_preempt", "isolated, ");
	m->r->ticks.insns = true;
	assert_shows(m, "9 of the 16 worst: thread rcu_preempt", "isolated, ");
	x->tally[0].cause.kind = CAUSE_NOTHING;
	assert_shows(m, NULL, NULL);
	made_free(m);
}

/* All that can be at once. */
static void spoil(struct result *r)
{
	struct result_noise *n = &r->vcpus[0].noise;

	r->windows[0].counts.wait_ns = 100000000;
	r->windows[0].counts.majflt = 1;
	n->sources[0].count = n->sources[1].count = n->softirqs = 500;
	n->smis = 1;
}

TEST(symptoms_lead_to_checks_that_doctor_has)
{
	struct made *m = made_quiet();
	struct symptom list[SYMPTOMS_MOST];
	unsigned int nr;

	spoil(m->r);
	nr = symptoms_of(m->r, list);
	assert_int_equal(nr, 6);
	for (unsigned int i = 0; i < nr; i++) {
		char names[256], *at = names, *name;
		const char *group;

		snprintf(names, sizeof(names), "%s", list[i].checks);
		assert_string_equal(names, list[i].checks);
		while ((name = strsep(&at, ",")) != NULL)
			if (!check_find(name + (*name == ' '), &group))
				fail_msg("'%s' is no check", name);
	}
	made_free(m);
}

static const struct result_finding *finding(const struct result *r,
					    const char *check)
{
	const struct result_finding *found = NULL;

	for (unsigned int i = 0; i < r->nr_findings; i++)
		if (strcmp(r->findings[i].check, check) == 0) {
			assert_null(found); /* once */
			found = &r->findings[i];
		}
	return found;
}

TEST(diagnosis_is_those_checks_that_fail_with_what_mends_them)
{
	struct made *m = made_quiet();
	const struct result_finding *f;
	struct check_tree t;

	check_tree_make(&t);
	check_tree_write(&t, "proc/sys/kernel/sched_rt_runtime_us", "950000\n");
	check_tree_write(&t, "proc/cmdline", "quiet\n");
	spoil(m->r);
	result_diagnose(m->r, t.root);
	f = finding(m->r, "rt-throttling");
	assert_non_null(f);
	assert_string_equal(f->symptom, "vCPU 0 waited 100.0 ms for its CPU");
	assert_string_equal(f->value, "950000");
	assert_string_equal(f->good, "-1");
	assert_string_equal(f->run,
			    "echo -1 > /proc/sys/kernel/sched_rt_runtime_us");
	assert_string_equal(f->boot, "");
	/* By the timer's interrupts, not again by the softirqs. */
	f = finding(m->r, "nohz-full");
	assert_non_null(f);
	assert_has(f->symptom, "timer interrupts");
	/* Nothing is left to look at. */
	f = finding(m->r, "smis");
	assert_non_null(f);
	assert_string_equal(f->value, "the firmware took CPUs 1 time");
	assert_has(f->other, "firmware");
	assert_has(made_text(m), "\nwhy it may be so, by the checks of "
				 "'latvisor doctor':\n"
				 "  vCPU 0 waited 100.0 ms for its CPU\n");
	assert_has(
		made_text(m),
		"    rt-throttling: 950000; good: -1\n"
		"      now: echo -1 > /proc/sys/kernel/sched_rt_runtime_us\n");
	check_tree_write(&t, "proc/sys/kernel/sched_rt_runtime_us", "-1\n");
	result_diagnose(m->r, t.root);
	assert_null(finding(m->r, "rt-throttling"));
	/* A CPU that has gone, or a host that cannot be read. */
	m->r->vcpus[0].host_cpu = 9;
	result_diagnose(m->r, t.root);
	assert_int_equal(m->r->nr_findings, 0);
	assert_lacks(made_text(m), "why it may be so");
	check_tree_remove(&t);
	made_free(m);
}
