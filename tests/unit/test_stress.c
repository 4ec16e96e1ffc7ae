/* SPDX-License-Identifier: BSD-2-Clause */
/* test_stress.c - what disturbances are asked for, made, and told of. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include "vmm/report/report.h"
#include "vmm/result/stress_take.h"
#include "vmm/run/stress_work.h"

static const char *wrong(struct stress_plan *plan, const char *text)
{
	static char why[256];

	return stress_parse(plan, text, why, sizeof(why));
}

TEST(stress_takes_a_list_and_what_is_joined)
{
	struct stress_plan plan;

	assert_null(wrong(&plan, "cpu,mem+cache,fork"));
	assert_int_equal(plan.nr, 3);
	assert_string_equal(plan.mixes[0].name, "cpu");
	assert_int_equal(plan.mixes[0].nr, 1);
	assert_string_equal(plan.mixes[1].name, "mem+cache");
	assert_int_equal(plan.mixes[1].nr, 2);
	assert_string_equal(plan.mixes[1].parts[1]->name, "cache");
	assert_null(wrong(&plan, "irq"));
	assert_int_equal(plan.nr, 1);
}

TEST(stress_refuses_what_there_is_not)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{"", "missing"},
		{"cpu,", "missing"},
		{"cpus", "got 'cpus'"},
		{"cpu++mem", "got ''"},
		{"CPU", "cache, cgroup, "},
		{"cpu+x", "got 'x'"},
		{"cpu,mem,cpu", "'cpu' is there twice"},
		{"cpu+cpu+cpu+cpu+cpu+cpu+cpu+cpu+cpu", "wanted"},
	};
	struct stress_plan plan;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *why = wrong(&plan, cases[i].text);

		if (!why || !strstr(why, cases[i].why))
			fail_msg("'%s': wanted '%s', got '%s'", cases[i].text,
				 cases[i].why, why ? why : "nothing");
	}
}

TEST(stress_is_on_no_cpu_of_a_vcpu)
{
	struct placement p = {.cpu = {1, 2}};
	struct stress_plan plan;
	struct stress_host h;
	char why[256];

	assert_null(wrong(&plan, "cpu"));
	for (size_t i = 0; i < 4; i++)
		CPU_SET(i, &p.housekeeping);
	stress_place(&h, &p, 2);
	assert_int_equal(CPU_COUNT(&h.cpus), 2);
	assert_true(CPU_ISSET(0, &h.cpus) && CPU_ISSET(3, &h.cpus));
	assert_true(CPU_ISSET(1, &h.vcpus) && CPU_ISSET(2, &h.vcpus));
	assert_false(stress_lacks(&plan, &h, why, sizeof(why)));
	CPU_ZERO(&p.housekeeping);
	CPU_SET(1, &p.housekeeping);
	stress_place(&h, &p, 2);
	assert_true(stress_lacks(&plan, &h, why, sizeof(why)));
	assert_has(why, "every CPU that latvisor may use has a vCPU");
}

static struct stress_host here(void)
{
	struct stress_host h = {.latvisor = getpid(), .root = ""};

	sched_getaffinity(0, sizeof(h.cpus), &h.cpus);
	return h;
}

/* Is the process on one CPU of them, and an ordinary one? */
static void assert_is_worker(pid_t pid, const struct stress_host *h)
{
	cpu_set_t on, both;
	int ms = 0;

	/* It may not have run yet; until then it is where its maker is. */
	do {
		assert_int_equal(sched_getaffinity(pid, sizeof(on), &on), 0);
		CPU_AND(&both, &on, &h->cpus);
		assert_int_equal(CPU_COUNT(&both), CPU_COUNT(&on));
		usleep(1000);
	} while (CPU_COUNT(&on) > 1 && ms++ < 20000);
	assert_int_equal(CPU_COUNT(&on), 1);
	assert_int_equal(CPU_COUNT(&both), 1);
	assert_int_equal(sched_getscheduler(pid), SCHED_OTHER);
}

TEST(stress_workers_work_where_they_are_told_and_end)
{
	static const char *const names[] = {"cpu",  "mem",     "cache",
					    "irq",  "timer",   "ipi",
					    "fork", "cpu+fork"};

	char *path = strdup(getenv("PATH"));

	/* Its own, whatever is installed. */
	assert_non_null(path);
	setenv("PATH", "/nonexistent", 1);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct stress_host h = here();
		struct stress_workers *w = stress_workers_open(&h);
		pid_t pids[STRESS_MOST_WORKERS];
		struct stress_plan plan;
		char why[STRESS_HOW_LEN] = "";
		unsigned int nr, ms = 0;

		assert_non_null(w);
		assert_null(wrong(&plan, names[i]));
		if (!stress_workers_begin(w, &plan.mixes[0], why, sizeof(why)))
			fail_msg("%s: %s", names[i], why);
		nr = w->nr;
		memcpy(pids, w->pid, sizeof(pids));
		for (unsigned int k = 0; k < nr; k++)
			assert_is_worker(pids[k], &h);
		/* However busy the host is. */
		while (atomic_load(&w->done[0]) == 0 && ms++ < 20000)
			usleep(1000);
		if (stress_workers_end(w, why, sizeof(why)) == 0)
			fail_msg("%s did nothing: %s", names[i], why);
		assert_has(why, plan.mixes[0].parts[0]->what);
		assert_has(why, plan.mixes[0].parts[0]->unit);
		for (unsigned int k = 0; k < nr; k++)
			assert_int_equal(kill(pids[k], 0), -1);
		stress_workers_close(w);
	}
	setenv("PATH", path, 1);
	free(path);
}

/* A program of somebody's, that takes a file away when it is told to end. */
static void make_tool(const char *folder, const char *body)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/stress-ng", folder);
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "#!/bin/sh\n%s\n", body);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0755), 0);
}

TEST(stress_takes_a_program_that_is_installed_and_names_it)
{
	char folder[] = "/tmp/latvisor-unit-XXXXXX", path[300], rm[300];
	struct stress_host h = here();
	struct stress_workers *w = stress_workers_open(&h);
	struct stress_plan plan;
	char why[STRESS_HOW_LEN] = "", *was = strdup(getenv("PATH"));

	assert_true(w && was);
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s:/usr/bin:/bin", folder);
	setenv("PATH", path, 1);
	make_tool(folder, "[ \"$1\" != --version ] || { echo stress-ng, "
			  "version 0.99; exit; }; echo \"$@\" >$0.args; "
			  "sleep 1000");
	assert_null(wrong(&plan, "cpu"));
	assert_true(stress_workers_begin(w, &plan.mixes[0], why, sizeof(why)));
	assert_is_worker(w->pid[0], &h);
	assert_int_equal(stress_workers_end(w, why, sizeof(why)), 0);
	assert_has(why, "cpu: stress-ng (stress-ng, version 0.99), ");
	/* One that does not work is told. */
	make_tool(folder, "exit 1");
	for (int i = 0; i < 100; i++)
		if (!stress_workers_begin(w, &plan.mixes[0], why, sizeof(why)))
			break;
		else
			stress_workers_end(w, NULL, 0);
	assert_string_equal(why, "cpu: it ended at once");
	stress_workers_end(w, NULL, 0);
	setenv("PATH", was, 1);
	free(was);
	snprintf(rm, sizeof(rm), "rm -r %s", folder);
	assert_int_equal(system(rm), 0);
	stress_workers_close(w);
}

TEST(stress_gives_back_what_was_kept)
{
	char folder[] = "/tmp/latvisor-unit-XXXXXX", rm[300], value[64];
	struct stress_host h = {.root = folder};
	struct stress_kept k = {.nr = 0};

	assert_non_null(mkdtemp(folder));
	snprintf(rm, sizeof(rm), "%s/a", folder);
	close(open(rm, O_CREAT | O_WRONLY, 0600));
	assert_false(stress_keep(&h, &k, "/a"));
	assert_true(stress_write(&h, "/a", "one\n"));
	assert_true(stress_keep(&h, &k, "/a"));
	assert_true(stress_write(&h, "/a", "two"));
	assert_true(stress_keep(&h, &k, "/a"));
	assert_true(stress_write(&h, "/a", "three"));
	assert_false(stress_keep(&h, &k, "/b"));
	assert_false(stress_write(&h, "/b", "x"));
	stress_give_back(&h, &k);
	assert_true(stress_read(&h, "/a", value));
	assert_string_equal(value, "one");
	snprintf(rm, sizeof(rm), "rm -r %s", folder);
	assert_int_equal(system(rm), 0);
}

/* A metric of 1000, 1010 ... ns, times of them slower. */
static struct made *made_of(unsigned int times)
{
	struct made *x = made_new();
	struct result_metric *m = made_metric(x, "wait", 0);

	for (unsigned int i = 0; i < 1000; i++)
		hist_record(m->hist, (2000 + 20 * i) * times, i);
	x->r->nr_rounds = 2;
	x->r->verdict = VERDICT_PASS;
	result_analyse(x->r);
	return x;
}

TEST(stress_shows_what_it_adds_to_each_percentile)
{
	static const struct result_stress said = {
		.name = "cpu+mem", .cpus = "0", .how = "cpu: by hand"};
	struct made *quiet = made_of(1), *loaded = made_of(3);

	loaded->r->nr_warnings = 2;
	stress_take(quiet->r, &said, loaded->r);
	assert_int_equal(quiet->r->nr_stress, 1);
	assert_int_equal(quiet->r->stress[0].nr_rows, 1);
	assert_has(made_written(quiet, report_stress),
		   "wait (vCPU 0) quiet and beside disturbances, in ns\n");
	assert_has(quiet->text, "\nquiet              1,000      5,990");
	assert_has(quiet->text, "\ncpu+mem            1,000     17,9");
	assert_has(quiet->text, "\n  more                      +11,9");
	assert_has(quiet->text, "    +21,980\n");
	assert_has(quiet->text, "beside cpu+mem: 2 rounds, on CPU 0: cpu: by "
				"hand, 2 warnings\n");
	assert_int_equal(quiet->r->verdict, VERDICT_PASS);
	/* What went wrong beside it is told. */
	result_verdict(loaded->r, VERDICT_FAIL, "too slow");
	stress_take(quiet->r, &said, loaded->r);
	assert_int_equal(quiet->r->verdict, VERDICT_FAIL);
	assert_string_equal(quiet->r->reason, "beside cpu+mem: too slow");
	made_free(quiet);
	made_free(loaded);
}

TEST(stress_that_never_came_has_no_figures)
{
	static const struct result_stress said = {.name = "cpu"};
	struct made *quiet = made_of(1);

	stress_take(quiet->r, &said, NULL);
	assert_int_equal(quiet->r->stress[0].nr_rows, 0);
	assert_has(made_written(quiet, report_stress), "beside cpu: 0 rounds");
	assert_lacks(quiet->text, "quiet  ");
	made_free(quiet);
}
