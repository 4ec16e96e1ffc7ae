/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_prio.c - prio-inversion: the rival comes as often as it is called, a
 * wait without a hint has its burst in it, and one with a hint has not.
 */
#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/functional/results.h"

#define VCPU_PRIO 80
#define ROUNDS	  30
#define WARMUP	  4
#define BURST_US  8000
#define WORK_US	  2000

static json_t *metric(const struct run *r, const char *name, int vcpu)
{
	json_t *m = find_metric(r->json, name, vcpu);

	must(m, "there is no %s of vCPU %d", name, vcpu);
	return m;
}

static void skip_without_fifo(const struct run *r)
{
	if (!is_skip(r))
		return;
	must(strstr(r->proc.err, "SCHED_FIFO"), "%s", r->proc.err);
	print_message("# %s", r->proc.err);
	skip();
}

static void run_both(struct run *r)
{
	need_cpus(2);
	run_now(r, "prio-inversion", "samples=30", "warmup=4", "burst_us=8000",
		"work_us=2000", "gap_us=50..200");
	skip_without_fifo(r);
	must_pass(r);
}

/*
 * The holder's work is a quarter of the burst.  What else the host does makes
 * waits longer, so the shortest tells whether the burst was in all of them.
 */
TEST(prio_hint_keeps_the_rival_out_of_the_wait)
{
	int64_t us, plain, hint;
	struct run r;

	run_both(&r);
	us = get_int(json_object_get(r.json, "machine"), "tsc_khz") / 1000;
	plain = get_cycles(
		json_object_get(metric(&r, "wait_plain", 0), "percentiles"),
		"p50");
	hint = get_cycles(metric(&r, "wait_hint", 0), "min");
	must(plain >= BURST_US * us, "%d us without a hint, the burst is %d",
	     (int)(plain / us), BURST_US);
	/* The holder may be a few instructions ahead of the first clock read.
	 */
	must(2 * hint > WORK_US * us, "%d us with a hint, the work is %d",
	     (int)(hint / us), WORK_US);
	must(2 * hint < plain, "%d us with a hint, %d without",
	     (int)(hint / us), (int)(plain / us));
	run_free(&r);
}

TEST(prio_inversion_counts_rounds_bursts_and_exits)
{
	json_t *rival, *w, *guest;
	int64_t us;
	struct run r;

	run_both(&r);
	assert_int_equal(get_int(metric(&r, "wait_plain", 0), "samples"),
			 ROUNDS / 2);
	assert_int_equal(get_int(metric(&r, "wait_hint", 0), "samples"),
			 ROUNDS / 2);
	rival = device_stats(&r, "prio_ports");
	assert_int_equal(get_int(rival, "bursts"), ROUNDS + WARMUP);
	us = get_int(json_object_get(r.json, "machine"), "tsc_khz") / 1000;
	must(get_cycles(rival, "burnt") >= (ROUNDS + WARMUP) * BURST_US * us,
	     "the rival burnt less than it was asked for");
	/* Two hints each, and no more: then the halt and the next round. */
	w = find_window(metric(&r, "hint_cost", 1), 1);
	assert_int_equal(get_int(w, "exits_to_userspace"), 2 * ROUNDS);
	w = find_window(metric(&r, "wait_plain", 0), 1);
	must(w, "the holder has no window");
	assert_int_equal(get_int(w, "exits_to_userspace"), ROUNDS);
	guest = json_object_get(w, "guest");
	assert_int_equal(get_int(guest, "halts"), ROUNDS);
	assert_int_equal(get_int(guest, "interrupts"), ROUNDS);
	run_free(&r);
}

/* All involuntary switches of all windows, but those that were on purpose. */
static long not_on_purpose(const struct run *r)
{
	json_t *m, *w;
	size_t i, k;
	long nr = 0;

	json_array_foreach (get_array(r->json, "metrics"), i, m) {
		if (json_object_get(m, "disturbed_on_purpose"))
			continue;
		json_array_foreach (get_array(m, "windows"), k, w) {
			nr += (long)get_int(w, "involuntary_switches");
		}
	}
	return nr;
}

/* That it is lost is what the payload is for; of the rest it is warned. */
TEST(prio_inversion_loses_its_cpu_on_purpose)
{
	json_t *w, *warning;
	long warned = 0;
	struct run r;
	size_t i;

	run_both(&r);
	w = find_window(metric(&r, "wait_plain", 0), 1);
	must(get_int(w, "involuntary_switches") > 0,
	     "the holder never lost its CPU");
	must(get_bool(metric(&r, "wait_plain", 0), "disturbed_on_purpose"),
	     "it does not say so");
	assert_null(json_object_get(metric(&r, "hint_cost", 1),
				    "disturbed_on_purpose"));
	json_array_foreach (get_array(r.json, "warnings"), i, warning) {
		const char *text = json_string_value(warning);
		const char *times = strstr(text, "lost its CPU ");

		if (times)
			warned = strtol(times + 13, NULL, 10);
	}
	assert_int_equal(warned, not_on_purpose(&r));
	run_free(&r);
}

TEST(prio_inversion_without_three_priorities_is_skipped)
{
	static const char *const prio[] = {"0", "1", "2"};

	need_cpus(2);
	for (size_t i = 0; i < 3; i++) {
		struct run r;

		run_now(&r, "prio-inversion", "--prio", prio[i]);
		must(is_skip(&r), "--prio %s: status %d", prio[i],
		     r.proc.status);
		must(strstr(r.proc.err, "SCHED_FIFO"), "%s", r.proc.err);
		run_free(&r);
	}
}

TEST(prio_inversion_runs_with_the_least_priority)
{
	struct run r;

	need_cpus(2);
	run_now(&r, "prio-inversion", "--prio", "3", "samples=10");
	skip_without_fifo(&r);
	must_pass(&r);
	assert_int_equal(
		get_int(device_stats(&r, "prio_ports"), "rival_priority"), 2);
	run_free(&r);
}

TEST(prio_inversion_on_one_cpu_is_skipped)
{
	struct run r;

	run_now(&r, "prio-inversion", "--allow-overcommit", "--cpus", "0,0");
	must(is_skip(&r), "status %d: %s", r.proc.status, r.proc.err);
	must(strstr(r.proc.err, "a CPU for each"), "%s", r.proc.err);
	run_free(&r);
}

/* Threads of a process that have that real-time priority. */
static int nr_threads(pid_t pid, int prio)
{
	struct sched_param sp;
	struct dirent *d;
	char path[64];
	int nr = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	must(dir, "no %s", path);
	while ((d = readdir(dir)) != NULL) {
		pid_t tid = atoi(d->d_name);

		nr += tid > 0 && sched_getparam(tid, &sp) == 0 &&
		      sp.sched_priority == prio;
	}
	closedir(dir);
	return nr;
}

/* test_realtime.c has that other payloads have no such thread. */
TEST(prio_inversion_has_a_rival_below_the_vcpus)
{
	double end = now() + PROC_SECONDS / 4 * slow();
	struct run r;
	int nr;

	need_cpus(2);
	run_start(&r, "prio-inversion", "samples=1000000", "--limit", AMPLE_S,
		  NULL);
	sleep_for(0.5);
	while ((nr = nr_threads(r.proc.pid, VCPU_PRIO - 1)) == 0 && now() < end)
		sleep_for(0.05);
	kill(r.proc.pid, SIGINT);
	run_wait(&r, PROC_SECONDS);
	skip_without_fifo(&r);
	must_be_whole(&r);
	must(r.proc.status == 130, "status %d: %s", r.proc.status, r.proc.err);
	assert_int_equal(nr, 1);
	run_free(&r);
}
