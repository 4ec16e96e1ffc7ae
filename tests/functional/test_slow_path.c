/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_slow_path.c - slow-path: each write is handled once and where it should
 * be, the lock was contended whenever a sample says so, and the farther away,
 * the longer it takes.
 */
#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/functional/disturber.h"
#include "tests/functional/results.h"

#define SAMPLES 100
#define WARMUP	20
#define HOLD_US 1000
#define NR_ROWS 4

static const char *const rows[NR_ROWS] = {"kernel", "inline", "helper",
					  "helper_locked"};

static json_t *metric(const struct run *r, const char *name)
{
	json_t *m = find_metric(r->json, name, 0);

	must(m, "there is no %s", name);
	return m;
}

static void run_all(struct run *r)
{
	need_cpus(2);
	run_now(r, "slow-path", "--vcpus", "2", "samples=100", "warmup=20",
		"hold_us=1000");
	must_pass(r);
}

/* But for those that began and ended the window. */
static int64_t exits(const json_t *window)
{
	return get_int(window, "exits_to_userspace") -
	       get_int(window, "exits_beside_samples");
}

TEST(slow_path_leaves_the_guest_but_for_the_kernel_s)
{
	struct run r;

	run_all(&r);
	for (int i = 0; i < NR_ROWS; i++) {
		json_t *m = metric(&r, rows[i]);
		json_t *w = find_window(m, 0);

		assert_int_equal(get_int(m, "samples"), SAMPLES);
		must(w, "%s has no window", rows[i]);
		if (i == 0)
			assert_int_equal(exits(w), 0);
		else if (i < NR_ROWS - 1)
			assert_int_equal(exits(w), SAMPLES);
		else /* once more where the helper came too late */
			must(exits(w) >= SAMPLES, "%d exits", (int)exits(w));
	}
	assert_int_equal(get_int(metric(&r, "rdtsc"), "samples"), SAMPLES);
	run_free(&r);
}

/* Whoever handled it has counted; the payload has compared that, too. */
TEST(slow_path_handles_each_write_once_where_it_should)
{
	json_t *d, *w;
	struct run r;

	run_all(&r);
	d = device_stats(&r, "slow_inline");
	for (int i = 0; i < NR_ROWS - 1; i++)
		assert_int_equal(get_int(d, rows[i]), SAMPLES + WARMUP);
	/* One of them is the first try. */
	must(get_int(d, "contended") >= SAMPLES + WARMUP + 1, "%d contended",
	     (int)get_int(d, "contended"));
	must(get_int(d, "contended") <= get_int(d, "holds"),
	     "contended more often than held");
	assert_int_equal(get_int(d, "helper_locked"), get_int(d, "holds"));
	/* Each of vCPU 1's exits is a hold. */
	w = find_window(metric(&r, "helper_locked"), 1);
	must(w, "the contender has no window");
	assert_int_equal(get_int(w, "exits_to_userspace"),
			 exits(find_window(metric(&r, "helper_locked"), 0)));
	run_free(&r);
}

static int64_t p50(const struct run *r, const char *name)
{
	return get_cycles(json_object_get(metric(r, name), "percentiles"),
			  "p50");
}

/* A hold begins when the helper waits for it: no sample is shorter. */
TEST(slow_path_takes_longer_the_farther_it_is)
{
	int64_t us, least;
	struct run r;

	run_all(&r);
	us = get_int(json_object_get(r.json, "machine"), "tsc_khz") / 1000;
	least = get_cycles(metric(&r, "helper_locked"), "min");
	must(least >= HOLD_US * us, "%d us of a lock that was held for %d",
	     (int)(least / us), HOLD_US);
	for (int i = 1; i < NR_ROWS; i++)
		must(p50(&r, rows[i - 1]) < p50(&r, rows[i]),
		     "%s takes %d cycles, %s %d", rows[i - 1],
		     (int)p50(&r, rows[i - 1]), rows[i], (int)p50(&r, rows[i]));
	must(p50(&r, "rdtsc") < p50(&r, "kernel"), "the floor is above it");
	run_free(&r);
}

TEST(slow_path_compares_within_the_run_with_inline)
{
	static const char *const judged[NR_ROWS] = {"critical", NULL, "worse",
						    "worse"};
	struct run r;

	run_all(&r);
	for (int i = 0; i < NR_ROWS; i++) {
		json_t *gain = json_object_get(metric(&r, rows[i]), "gain");

		if (!judged[i]) {
			assert_null(gain);
			continue;
		}
		must(gain, "%s is compared with nothing", rows[i]);
		assert_string_equal(get_text(gain, "base"), "inline");
		assert_string_equal(get_text(gain, "judged"), judged[i]);
	}
	must(strstr(r.proc.out, "\n  instead of it "), "%s", r.proc.out);
	run_free(&r);
}

/* A helper that is kept from its CPU for longer than a lock waits for it. */
static void run_150_ms(void)
{
	double end = now() + 0.15;

	while (now() < end)
		;
}

static const struct disturbance late_helper = {
	.dose = run_150_ms, .every_s = 0.05, .is_there = true, .prio = 90};

/* Both vCPUs are on one CPU, the helper is on another one. */
TEST(slow_path_has_no_sample_without_contention)
{
	char cpus[32];
	cpu_set_t set;
	struct run r;
	int low = -1, high = -1;
	json_t *d;
	pid_t pid;

	need_cpus(2);
	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	for (int i = 0; i < CPU_SETSIZE; i++) {
		low = low < 0 && CPU_ISSET(i, &set) ? i : low;
		high = CPU_ISSET(i, &set) ? i : high;
	}
	snprintf(cpus, sizeof(cpus), "%d,%d", low, low);
	pid = disturber_start(&late_helper, high);
	run_start(&r, "slow-path", "samples=30", "warmup=0", "hold_us=1",
		  "--cpus", cpus, "--allow-overcommit", "--limit", AMPLE_S,
		  NULL);
	run_wait(&r, 3 * PROC_SECONDS);
	disturber_stop(&late_helper, pid);
	must_pass(&r);
	assert_int_equal(get_int(metric(&r, "helper_locked"), "samples"), 30);
	d = device_stats(&r, "slow_inline");
	must(get_int(d, "contended") >= 30 + 1, "%d contended",
	     (int)get_int(d, "contended"));
	must(get_int(d, "contended") < get_int(d, "holds"),
	     "the helper was never late");
	run_free(&r);
}

TEST(slow_path_of_one_vcpu_has_no_contended_lock)
{
	struct run r;
	json_t *d;

	run_now(&r, "slow-path", "--vcpus", "1", "samples=100", "warmup=20");
	must_pass(&r);
	assert_string_equal(get_text(metric(&r, "helper_locked"), "status"),
			    "skip");
	must(strstr(get_text(metric(&r, "helper_locked"), "reason"),
		    "--vcpus 2"),
	     "it does not say why");
	d = device_stats(&r, "slow_inline");
	assert_int_equal(get_int(d, "helper"), SAMPLES + WARMUP);
	assert_int_equal(get_int(d, "helper_locked"), 0);
	assert_int_equal(get_int(d, "contended"), 0);
	run_free(&r);
}

/* Threads at that priority of SCHED_FIFO, 0: ordinary ones, on that one CPU. */
static int nr_threads(pid_t pid, int prio, int cpu)
{
	struct sched_param sp;
	struct dirent *d;
	char path[64];
	cpu_set_t set;
	int nr = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	must(dir, "no %s", path);
	while ((d = readdir(dir)) != NULL) {
		pid_t tid = atoi(d->d_name);

		nr += tid > 0 && tid != pid && is_own_thread(pid, d->d_name) &&
		      sched_getparam(tid, &sp) == 0 &&
		      sp.sched_priority == prio &&
		      sched_getaffinity(tid, sizeof(set), &set) == 0 &&
		      CPU_COUNT(&set) == 1 && CPU_ISSET(cpu, &set);
	}
	closedir(dir);
	return nr;
}

/* Stopped by force while vCPU 1 has the lock, and the helper waits for it. */
static void run_until_seen(const char *vcpus, struct run *r, int prio, int cpu)
{
	double end = now() + PROC_SECONDS / 4 * slow();
	int nr;

	run_start(r, "slow-path", "--vcpus", vcpus, "samples=10000000",
		  "hold_us=10000", "--limit", AMPLE_S, NULL);
	sleep_for(0.5);
	while ((nr = nr_threads(r->proc.pid, prio, cpu)) == 0 && now() < end)
		sleep_for(0.05);
	kill(r->proc.pid, SIGINT);
	run_wait(r, PROC_SECONDS);
	must_be_whole(r);
	must(r->proc.status == 130, "status %d: %s", r->proc.status,
	     r->proc.err);
	must(nr == 1, "%d threads of priority %d on CPU %d", nr, prio, cpu);
}

static bool warns_of_helper(const struct run *r)
{
	json_t *warning;
	size_t i;

	json_array_foreach (get_array(r->json, "warnings"), i, warning)
		if (strstr(json_string_value(warning), "had no CPU of its own"))
			return true;
	return false;
}

/* The highest that no vCPU has, which have the highest of all. */
TEST(slow_path_s_helper_is_an_ordinary_thread_on_another_cpu)
{
	cpu_set_t set;
	struct run r;
	int cpu = -1;

	need_cpus(2);
	run_now(&r, "hello");
	must_pass(&r);
	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	CPU_CLR((int)get_int(
			json_array_get(
				get_array(json_object_get(r.json, "machine"),
					  "vcpus"),
				0),
			"host_cpu"),
		&set);
	for (int i = 0; i < CPU_SETSIZE; i++)
		cpu = CPU_ISSET(i, &set) ? i : cpu;
	run_free(&r);
	run_until_seen("1", &r, 0, cpu);
	must(!warns_of_helper(&r), "it has a CPU, and is said to have none");
	run_free(&r);
}

TEST(slow_path_s_helper_without_a_cpu_is_above_the_vcpus)
{
	struct run r;
	int cpu;

	need_cpus(2);
	if (nr_cpus() != 2)
		skip(); /* there is a CPU for it */
	run_now(&r, "slow-path", "samples=10", "warmup=1");
	must_pass(&r);
	must(warns_of_helper(&r), "%s", r.proc.out);
	if (!get_bool(r.json, "realtime")) {
		run_free(&r);
		skip();
	}
	cpu = (int)get_int(
		json_array_get(
			get_array(json_object_get(r.json, "machine"), "vcpus"),
			1),
		"host_cpu");
	run_free(&r);
	run_until_seen("2", &r, 81, cpu);
	run_free(&r);
}

TEST(slow_path_is_ended_by_its_limit_while_the_lock_is_held)
{
	struct run r;

	need_cpus(2);
	run_now(&r, "slow-path", "samples=10000000", "hold_us=10000", "--vcpus",
		"2", "--limit", "1");
	must_be_whole(&r);
	assert_string_equal(get_text(r.json, "verdict"), "TIMEOUT");
	must(r.proc.seconds < 4 * slow(), "it took %.1f s", r.proc.seconds);
	run_free(&r);
}
