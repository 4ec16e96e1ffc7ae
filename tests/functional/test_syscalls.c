/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_syscalls.c - watched by strace, a vCPU's thread does nothing but
 * KVM_RUN inside of a window.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/functional/proc.h"
#include "tests/functional/results.h"

#define MAX_THREADS 8

/* A vCPU's thread, from its first KVM_RUN on. */
struct thread {
	int tid;
	bool in_window; /* since a snapshot's read of KVM's counts */
	int runs;	/* KVM_RUN inside of windows */
	int asked;	/* calls for the helper thread, if the window goes on */
	int waits;	/* those of which it did */
	int snapshots;
	char other[128]; /* a call that is stray if the window goes on */
	char stray[128]; /* the first of them that was */
};

static struct thread *thread_of(struct thread *threads, int tid, bool add)
{
	for (int i = 0; i < MAX_THREADS; i++) {
		if (threads[i].tid == tid)
			return &threads[i];
		if (threads[i].tid == 0 && add) {
			threads[i].tid = tid;
			return &threads[i];
		}
	}
	return NULL;
}

/* What the sandbox's cost is measured with, of no file, is none. */
static bool is_kvm_run(const char *call)
{
	return strstr(call, "KVM_RUN") && strncmp(call, "ioctl(-1,", 9) != 0;
}

/* It asks the helper thread, or waits for it. */
static bool is_wait(const char *call)
{
	return strncmp(call, "write(", 6) == 0 ||
	       strncmp(call, "futex(", 6) == 0;
}

/* The window went on after a call that was not KVM_RUN. */
static void confirm(struct thread *t)
{
	if (!*t->stray)
		memcpy(t->stray, t->other, sizeof(t->stray));
	t->other[0] = '\0';
	t->waits += t->asked;
	t->asked = 0;
}

/*
 * A snapshot is getrusage, then a pread of KVM's counts: before the first
 * KVM_RUN, at both ends of a window, and after the last KVM_RUN.  From a
 * window's first pread to its second getrusage there is KVM_RUN only.
 */
static void take_call(struct thread *t, const char *call)
{
	if (strncmp(call, "getrusage(", 10) == 0) {
		confirm(t);
		t->in_window = false;
		t->snapshots++;
	} else if (strncmp(call, "pread64(", 8) == 0) {
		/* Odd ones begin a window, or are the thread's last. */
		t->in_window = t->snapshots % 2 == 1;
	} else if (t->in_window && is_kvm_run(call)) {
		confirm(t);
		t->runs++;
	} else if (t->in_window && is_wait(call)) {
		t->asked++;
	} else if (t->in_window && !*t->other) {
		snprintf(t->other, sizeof(t->other), "%.*s",
			 (int)strcspn(call, "\n"), call);
	}
}

static void take_line(struct thread *threads, const char *line)
{
	char *call;
	int tid = (int)strtol(line, &call, 10);
	struct thread *t;

	call += strspn(call, " ");
	/* Not calls: the ends of calls, signals, exits. */
	if (strncmp(call, "<...", 4) == 0 || *call == '-' || *call == '+')
		return;
	t = thread_of(threads, tid, is_kvm_run(call));
	if (t)
		take_call(t, call);
}

static const char *trace_path(void)
{
	static char path[64];

	snprintf(path, sizeof(path), "/tmp/latvisor-functional.%d.strace",
		 (int)getpid());
	return path;
}

/* Runs it under strace; skips the test where there is none. */
static void trace(struct thread *threads, const char *payload, const char *arg)
{
	const char *argv[] = {"strace",	  "-f",	     "-o",    trace_path(),
			      program(),  "run",     payload, arg,
			      "warmup=3", "--limit", "30",    NULL};
	struct proc p;
	size_t len;
	char *text, *line, *rest;
	int fd;

	proc_start(&p, argv);
	proc_wait(&p, PROC_SECONDS);
	if (p.status == 127)
		skip();
	if (p.status == 1 && strstr(p.err, "strace: "))
		skip(); /* it may not trace here */
	must(p.status == 0, "status %d: %s%s", p.status, p.out, p.err);
	proc_free(&p);
	fd = open(trace_path(), O_RDONLY | O_CLOEXEC);
	must(fd >= 0, "no trace in %s", trace_path());
	unlink(trace_path());
	text = rest = proc_read(fd, &len);
	memset(threads, 0, MAX_THREADS * sizeof(*threads));
	while ((line = strsep(&rest, "\n")) != NULL)
		take_line(threads, line);
	free(text);
}

static void must_only_run(const struct thread *t, int vcpu, int runs)
{
	must(t->tid, "only %d threads called KVM_RUN", vcpu);
	must(!*t->stray, "vCPU %d, in a window: %s", vcpu, t->stray);
	assert_int_equal(t->waits, 0);
	/* Begin, end, and the end of the run. */
	assert_int_equal(t->snapshots, 3);
	must(t->runs == runs, "vCPU %d: %d KVM_RUN in the window, wanted %d",
	     vcpu, t->runs, runs);
}

TEST(syscalls_of_a_timers_window_are_one_kvm_run)
{
	struct thread threads[MAX_THREADS];

	trace(threads, "timer-jitter", "samples=20");
	must_only_run(&threads[0], 0, 1);
	assert_int_equal(threads[1].tid, 0);
}

/*
 * The target's.  The sender's is left once a sample, before the gap, to read
 * whether the target sleeps, and behind the last, to read how it was woken.
 */
TEST(syscalls_of_an_ipi_targets_window_are_one_kvm_run)
{
	struct thread threads[MAX_THREADS];
	int sender; /* whichever began first */

	need_cpus(2);
	trace(threads, "ipi-wake", "samples=20");
	sender = threads[1].runs > threads[0].runs;
	must_only_run(&threads[sender], 0, 20 + 1 + 1);
	must_only_run(&threads[!sender], 1, 1);
	assert_int_equal(threads[2].tid, 0);
}

/* Exits to the vmm: KVM_RUN again and again, and still nothing else. */
TEST(syscalls_of_exits_to_the_vmm_are_kvm_run)
{
	struct thread threads[MAX_THREADS];

	trace(threads, "exit-cost", "samples=7");
	must(!*threads[0].stray, "in a window: %s", threads[0].stray);
	assert_int_equal(threads[0].waits, 0);
	/* Each of six tests at least: 7 exits, and the end of the window. */
	must(threads[0].runs >= 6 * 8, "%d KVM_RUN in all windows",
	     threads[0].runs);
}

/* Of an access that is handled elsewhere: asking for it and waiting, no more.
 */
TEST(syscalls_of_an_access_by_the_helper_ask_and_wait)
{
	struct thread threads[MAX_THREADS];

	need_cpus(2);
	trace(threads, "slow-path", "samples=7");
	for (int i = 0; i < 2; i++)
		must(threads[i].tid && !*threads[i].stray,
		     "vCPU %d of %d, in a window: %s", i, threads[i].tid,
		     threads[i].stray);
	/* Two rows of seven, of which each is a request. */
	must(threads[0].waits + threads[1].waits >= 2 * 7,
	     "%d and %d calls for the helper", threads[0].waits,
	     threads[1].waits);
}
