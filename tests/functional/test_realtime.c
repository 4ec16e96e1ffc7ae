/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_realtime.c - read from /proc while a run is going: which threads there
 * are, where and at what priority they run, and what memory they take.
 */
#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/functional/results.h"

#define VCPU_PRIO   80
#define MAX_THREADS 16
/*
 * Beyond the guest's RAM: 4 MiB are the program's own pages, all of which
 * mlockall() takes; a third of it is relocated or tells of relocations.
 */
#define SPARE_KIB 7168

struct threads {
	int nr;
	pid_t vcpu[MAX_THREADS]; /* every thread but the first */
	unsigned long faults[MAX_THREADS];
	long locked_kib, rss_kib;
};

/* A number of /proc/PID/status, in KiB; -1: it is not there. */
static long status_kib(pid_t pid, const char *key)
{
	char path[64], line[256];
	long value = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, key, strlen(key)) == 0)
			value = strtol(line + strlen(key), NULL, 10);
	if (f)
		fclose(f);
	return value;
}

/* Minor and major faults: fields 10 and 12 of /proc/PID/task/TID/stat. */
static unsigned long faults(pid_t pid, pid_t tid)
{
	unsigned long minor = 0, major = 0;
	char path[64], line[512];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", (int)pid,
		 (int)tid);
	f = fopen(path, "re");
	must(f, "no %s", path);
	must(fgets(line, sizeof(line), f) &&
		     sscanf(strrchr(line, ')') + 2,
			    "%*c %*d %*d %*d %*d %*d %*u %lu %*u %lu", &minor,
			    &major) == 2,
	     "cannot read %s", path);
	fclose(f);
	return minor + major;
}

static void look(pid_t pid, struct threads *t)
{
	struct dirent *d;
	char path[64];
	DIR *dir;

	*t = (struct threads){.nr = 0};
	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	must(dir, "no %s", path);
	while ((d = readdir(dir)) != NULL) {
		pid_t tid = atoi(d->d_name);

		if (tid == 0 || tid == pid || !is_own_thread(pid, d->d_name))
			continue;
		must(t->nr < MAX_THREADS, "too many threads");
		t->faults[t->nr] = faults(pid, tid);
		t->vcpu[t->nr++] = tid;
	}
	closedir(dir);
	t->locked_kib = status_kib(pid, "VmLck:");
	t->rss_kib = status_kib(pid, "VmRSS:");
}

static void must_be_placed(const struct threads *t, int vcpus, cpu_set_t *used)
{
	CPU_ZERO(used);
	assert_int_equal(t->nr, vcpus);
	for (int i = 0; i < t->nr; i++) {
		struct sched_param sp;
		cpu_set_t cpus;

		assert_int_equal(sched_getscheduler(t->vcpu[i]), SCHED_FIFO);
		assert_int_equal(sched_getparam(t->vcpu[i], &sp), 0);
		assert_int_equal(sp.sched_priority, VCPU_PRIO);
		assert_int_equal(
			sched_getaffinity(t->vcpu[i], sizeof(cpus), &cpus), 0);
		assert_int_equal(CPU_COUNT(&cpus), 1);
		CPU_OR(used, used, &cpus);
	}
	assert_int_equal(CPU_COUNT(used), vcpus);
}

/* Above the vCPUs where it has no CPU of its own, away from them else. */
static void must_be_housekeeper(pid_t pid, const cpu_set_t *used)
{
	struct sched_param sp;
	cpu_set_t cpus, both;
	int mine;

	assert_int_equal(sched_getparam(pid, &sp), 0);
	assert_int_equal(sched_getaffinity(pid, sizeof(cpus), &cpus), 0);
	assert_int_equal(sched_getaffinity(0, sizeof(both), &both), 0);
	mine = CPU_COUNT(&both);
	CPU_AND(&both, &both, used);
	if (CPU_COUNT(&both) == mine) {
		assert_int_equal(sched_getscheduler(pid), SCHED_FIFO);
		must(sp.sched_priority > VCPU_PRIO, "priority %d",
		     sp.sched_priority);
		return;
	}
	assert_int_equal(sched_getscheduler(pid), SCHED_OTHER);
	CPU_AND(&both, &cpus, used);
	assert_int_equal(CPU_COUNT(&both), 0);
}

/* The CPUs that the result names are the ones that were seen. */
static void must_name_cpus(const json_t *result, const cpu_set_t *used)
{
	json_t *v;
	size_t i;

	json_array_foreach (
		get_array(json_object_get(result, "machine"), "vcpus"), i, v) {
		must(CPU_ISSET((size_t)get_int(v, "host_cpu"), used),
		     "vCPU %zu was not on CPU %d", i,
		     (int)get_int(v, "host_cpu"));
	}
	assert_int_equal(i, CPU_COUNT(used));
}

static void must_take_little(const struct threads *a, const struct threads *b,
			     const json_t *result)
{
	long ram_kib = (long)(get_int(json_object_get(result, "machine"),
				      "memory_bytes") >>
			      10);

	must(a->locked_kib >= ram_kib, "%ld KiB locked of %ld", a->locked_kib,
	     ram_kib);
	must(b->locked_kib == a->locked_kib, "locked: %ld, then %ld KiB",
	     a->locked_kib, b->locked_kib);
	must(b->rss_kib == a->rss_kib, "resident: %ld, then %ld KiB",
	     a->rss_kib, b->rss_kib);
	must(b->rss_kib - ram_kib < SPARE_KIB, "%ld KiB beyond the guest's RAM",
	     b->rss_kib - ram_kib);
	for (int i = 0; i < a->nr; i++)
		must(a->faults[i] == b->faults[i],
		     "a vCPU's thread took %lu page faults",
		     b->faults[i] - a->faults[i]);
}

/* Once it has that many vCPUs, and they have had the time to begin. */
static void look_later(pid_t pid, int vcpus, struct threads *t)
{
	double end = now() + PROC_SECONDS / 4 * slow();

	for (look(pid, t); t->nr < vcpus && now() < end; look(pid, t))
		sleep_for(0.01);
	sleep_for(0.5 * slow());
	look(pid, t);
}

static void must_be_realtime(const char *vcpus)
{
	struct threads first, then;
	char duration[32];
	cpu_set_t used;
	struct run r;

	need_cpus(atoi(vcpus));
	snprintf(duration, sizeof(duration), "duration_s=%.0f", 2 * slow());
	run_start(&r, "timer-jitter", duration, "warmup=5", "--vcpus", vcpus,
		  NULL);
	look_later(r.proc.pid, atoi(vcpus), &first);
	if (first.nr && sched_getscheduler(first.vcpu[0]) != SCHED_FIFO) {
		run_wait(&r, PROC_SECONDS);
		must(!r.json || !get_bool(r.json, "realtime"),
		     "it says real-time and is not");
		skip(); /* this user may not */
	}
	must_be_placed(&first, atoi(vcpus), &used);
	must_be_housekeeper(r.proc.pid, &used);
	sleep_for(slow());
	look(r.proc.pid, &then);
	assert_int_equal(then.nr, first.nr);
	run_wait(&r, PROC_SECONDS);
	must_pass(&r);
	must(get_bool(r.json, "realtime"), "it does not say real-time");
	must_name_cpus(r.json, &used);
	must_take_little(&first, &then, r.json);
	run_free(&r);
}

TEST(realtime_one_vcpu_has_its_cpu_for_itself)
{
	must_be_realtime("1");
}

TEST(realtime_two_vcpus_have_a_cpu_each)
{
	must_be_realtime("2");
}

TEST(realtime_is_not_claimed_with_priority_0)
{
	struct run r;

	run_now(&r, "hello", "--prio", "0");
	must_pass(&r);
	assert_int_equal(get_bool(r.json, "realtime"), 0);
	must(json_array_size(get_array(r.json, "warnings")) > 0, "no warning");
	run_free(&r);
}
