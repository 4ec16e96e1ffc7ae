/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_host_wake.c - host-wake: an interrupt for each pulse and a halt for each
 * interrupt, no exit to userspace, and the main thread still does its work.
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "tests/functional/results.h"

#define SAMPLES 200

static json_t *metric(const struct run *r, const char *name)
{
	json_t *m = find_metric(r->json, name, 0);

	must(m, "there is no %s", name);
	return m;
}

static json_t *window(const struct run *r)
{
	json_t *w = find_window(metric(r, "host_wake"), 0);

	must(w, "host_wake has no window");
	return w;
}

static void must_count(const struct run *r)
{
	json_t *w = window(r), *guest = json_object_get(w, "guest");

	assert_int_equal(get_int(metric(r, "host_wake"), "samples"), SAMPLES);
	assert_int_equal(get_int(metric(r, "host_timer"), "samples"), SAMPLES);
	must(get_cycles(metric(r, "host_wake"), "min") > 0,
	     "a pulse came before it was fired");
	assert_int_equal(get_int(w, "exits_to_userspace"), 0);
	assert_int_equal(get_int(guest, "interrupts"), SAMPLES);
	assert_int_equal(get_int(guest, "ipis"), 0);
}

TEST(host_wake_is_an_interrupt_and_a_halt_for_each_pulse)
{
	struct run r;

	run_now(&r, "host-wake", "samples=200", "warmup=20", "gap_us=300..600");
	must_pass(&r);
	must_count(&r);
	assert_int_equal(get_int(json_object_get(window(&r), "guest"), "halts"),
			 SAMPLES);
	assert_int_equal(kvm_count(window(&r), "halt_exits"), SAMPLES);
	run_free(&r);
}

static const char *irqfd(const struct run *r)
{
	return json_string_value(
		json_object_get(json_object_get(r->json, "machine"), "irqfd"));
}

/* An MSI to one vCPU; where tracepoints cannot be counted nobody knows. */
TEST(host_wake_says_that_its_irqfd_delivers_inline)
{
	struct run r;

	run_now(&r, "host-wake", "samples=20");
	must_pass(&r);
	must(irqfd(&r), "there is no irqfd");
	if (strcmp(irqfd(&r), "unknown") != 0)
		assert_string_equal(irqfd(&r), "inline");
	run_free(&r);
	run_now(&r, "timer-jitter", "samples=20");
	must_pass(&r);
	must(!irqfd(&r), "timer-jitter has an irqfd");
	run_free(&r);
}

TEST(host_wake_takes_the_gaps_that_it_was_told)
{
	struct run r;

	run_now(&r, "host-wake", "samples=200", "warmup=0", "gap_us=2000");
	must_pass(&r);
	must_count(&r);
	must(get_int(r.json, "duration_ns") >= SAMPLES * 2000000ll,
	     "%d pulses, 2 ms apart, in %d ms", SAMPLES,
	     (int)(get_int(r.json, "duration_ns") / 1000000));
	run_free(&r);
}

TEST(host_wake_finds_a_vcpu_that_never_halts)
{
	struct run r;

	run_now(&r, "host-wake", "samples=200", "warmup=20", "idle=spin",
		"gap_us=300..600");
	must_pass(&r);
	must_count(&r);
	assert_int_equal(get_int(json_object_get(window(&r), "guest"), "halts"),
			 0);
	must(kvm_count(window(&r), "halt_exits") <= 0, "it halted");
	run_free(&r);
}

/* Both at the shortest gap, when the main thread has most to do. */
TEST(host_wake_leaves_time_limits_alone)
{
	double limit_s = 0.5 * slow();
	char limit[32];
	struct run r;

	snprintf(limit, sizeof(limit), "%.1f", limit_s);
	run_now(&r, "host-wake", "samples=1000000", "gap_us=50", "--limit",
		limit);
	must_be_whole(&r);
	must(r.proc.status == 124, "status %d", r.proc.status);
	must(r.proc.seconds >= limit_s && r.proc.seconds < 5 * limit_s,
	     "with a limit of %s s it took %.2f s", limit, r.proc.seconds);
	must(get_int(metric(&r, "host_wake"), "samples") > 0, "no samples");
	run_free(&r);
}

TEST(host_wake_leaves_interruption_alone)
{
	struct run r;
	double began;

	run_start(&r, "host-wake", "samples=1000000", "gap_us=50", "--limit",
		  "30", NULL);
	sleep_for(0.5 * slow());
	began = now();
	kill(r.proc.pid, SIGINT);
	run_wait(&r, PROC_SECONDS);
	must_be_whole(&r);
	must(r.proc.status == 130, "status %d: %s", r.proc.status, r.proc.err);
	must(now() - began < 2 * slow(), "it took %.1f s", now() - began);
	must(get_int(metric(&r, "host_wake"), "samples") > 0, "no samples");
	run_free(&r);
}

/* The only other thread that may be traced: KVM's own may not; -1: none. */
static pid_t seize_vcpu(pid_t pid)
{
	struct dirent *d;
	pid_t vcpu = -1;
	char path[32];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	while (dir && vcpu < 0 && (d = readdir(dir)) != NULL) {
		pid_t tid = atoi(d->d_name);

		if (tid > 0 && tid != pid &&
		    ptrace(PTRACE_SEIZE, tid, NULL, NULL) == 0)
			vcpu = tid;
	}
	if (dir)
		closedir(dir);
	return vcpu;
}

#define STALL_SECONDS 0.05

/* Keeps the vCPU from running for a while: the pulses go on and are refused. */
static void stall_vcpu(pid_t pid)
{
	pid_t vcpu = seize_vcpu(pid);
	int status;

	if (vcpu < 0)
		return;
	ptrace(PTRACE_INTERRUPT, vcpu, NULL, NULL);
	must(waitpid(vcpu, &status, __WALL) == vcpu, "the vCPU did not stop");
	if (!WIFSTOPPED(status)) /* it ended, for the run did */
		return;
	sleep_for(STALL_SECONDS * slow());
	ptrace(PTRACE_DETACH, vcpu, NULL, NULL);
}

/*
 * Of a stall all pulses are refused but the first, which the
 * vCPU may have waited for, and one at its end, a gap each, here 200 us; and a
 * busy host may send the first one late.
 */
static void must_have_been_blind(const struct run *r)
{
	const json_t *blind = json_object_get(metric(r, "host_wake"), "blind");
	int64_t least_us = (int64_t)(STALL_SECONDS / 2 * 1e6), us;

	must(blind, "it was never blind");
	us = us_of(r->json, blind);
	must(is_insns(r->json) || us >= least_us, "blind for %d us, not for %d",
	     (int)us, (int)least_us);
}

TEST(host_wake_that_is_interrupted_tells_how_long_it_was_blind)
{
	struct run r;

	run_start(&r, "host-wake", "samples=1000000", "warmup=0", "gap_us=200",
		  "--limit", "30", NULL);
	sleep_for(0.5 * slow());
	stall_vcpu(r.proc.pid);
	sleep_for(0.1);
	kill(r.proc.pid, SIGINT);
	run_wait(&r, PROC_SECONDS);
	must_be_whole(&r);
	must(r.proc.status == 130, "status %d: %s", r.proc.status, r.proc.err);
	must_have_been_blind(&r);
	run_free(&r);
}

/* A stall that finds the vCPU in its handler makes no sample late: again. */
TEST(host_wake_that_breaks_tells_how_long_it_was_blind)
{
	siginfo_t ended = {.si_pid = 0};
	char limit[32];
	struct run r;

	snprintf(limit, sizeof(limit), "%.0fms", 30 * slow());
	run_start(&r, "host-wake", "samples=1000000", "warmup=0", "gap_us=200",
		  "--break-at", limit, "--limit", AMPLE_S, NULL);
	sleep_for(0.5 * slow());
	while (ended.si_pid == 0) {
		stall_vcpu(r.proc.pid);
		sleep_for(0.1);
		must(waitid(P_PID, (id_t)r.proc.pid, &ended,
			    WEXITED | WNOHANG | WNOWAIT) == 0,
		     "cannot wait for it");
	}
	run_wait(&r, PROC_SECONDS);
	must_be_whole(&r);
	must(r.proc.status == 1, "status %d: %s", r.proc.status, r.proc.err);
	must_have_been_blind(&r);
	run_free(&r);
}

TEST(host_wake_without_a_local_apic_is_skipped)
{
	struct run r;

	run_now(&r, "host-wake", "--irqchip", "none");
	must(is_skip(&r), "status %d: %s", r.proc.status, r.proc.err);
	must(strstr(r.proc.err, "needs a local APIC"), "%s", r.proc.err);
	run_free(&r);
}

TEST(host_wake_refuses_gaps_that_the_host_would_not_keep)
{
	struct run r;

	run_now(&r, "host-wake", "gap_us=49");
	assert_int_equal(r.proc.status, 2);
	must(strstr(r.proc.err, "from 50 to 10000000"), "%s", r.proc.err);
	run_free(&r);
}
