/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_halt_poll.c - halt-poll: each round is one halt that one IPI ends, KVM
 * polls only when it is told to, and never until the IPI when the rival has had
 * the CPU before it.
 */
#include <string.h>

#include "tests/functional/results.h"

#define SAMPLES 60

static void run_halt_poll(struct run *r, const char *idle)
{
	need_cpus(2);
	run_now(r, "halt-poll", "samples=60", "warmup=20", idle);
	if (is_skip(r)) {
		must(strstr(r->proc.err, "SCHED_FIFO") ||
			     strstr(r->proc.err, "HALT_POLL"),
		     "%s", r->proc.err);
		print_message("# %s", r->proc.err);
		skip();
	}
	must_pass(r);
}

/* vCPU 1's window; each round is one halt there. */
static json_t *sleeper_window(const struct run *r, const char *name)
{
	json_t *m = find_metric(r->json, name, 1), *w, *guest;

	must(m, "there is no %s", name);
	assert_int_equal(get_int(m, "samples"), SAMPLES);
	w = find_window(m, 1);
	must(w, "%s has no window", name);
	guest = json_object_get(w, "guest");
	assert_int_equal(get_int(guest, "halts"), SAMPLES);
	assert_int_equal(get_int(guest, "interrupts"), SAMPLES);
	assert_int_equal(get_int(w, "exits_to_userspace"), 0);
	return w;
}

/* 0, too, where KVM has no such count. */
static int64_t count(const json_t *window, const char *name)
{
	int64_t n = kvm_count(window, name);

	return n < 0 ? 0 : n;
}

/* The IPI is sent after the burst: who polled until it kept the rival out. */
TEST(halt_poll_ends_when_a_rival_wants_the_cpu)
{
	json_t *alone, *rival;
	struct run r;

	run_halt_poll(&r, "idle=halt-poll");
	alone = sleeper_window(&r, "wake_alone");
	rival = sleeper_window(&r, "wake_rival");
	assert_int_equal(get_int(device_stats(&r, "prio_ports"), "bursts"),
			 SAMPLES);
	/* None where halts are longer than poll_ns, on a slow host. */
	if (count(rival, "halt_attempted_poll") == 0)
		print_message("# KVM polled at no halt\n");
	/* A halt that began after the burst, for the host was elsewhere. */
	must(count(rival, "halt_successful_poll") <= SAMPLES / 4,
	     "%d of %d were woken by polling",
	     (int)count(rival, "halt_successful_poll"), SAMPLES);
	must(count(alone, "halt_attempted_poll") == 0 ||
		     strstr(r.proc.out, "woken while it polled"),
	     "it does not say so: %s", r.proc.out);
	run_free(&r);
}

TEST(halt_poll_with_idle_hlt_never_polls)
{
	struct run r;
	json_t *w;

	run_halt_poll(&r, "idle=hlt");
	w = sleeper_window(&r, "wake_alone");
	assert_int_equal(count(w, "halt_attempted_poll"), 0);
	assert_int_equal(count(w, "halt_poll_success_ns"), 0);
	w = sleeper_window(&r, "wake_rival");
	assert_int_equal(count(w, "halt_attempted_poll"), 0);
	run_free(&r);
}

/* What KVM polls is CPU time of the vCPU's thread, all of it. */
TEST(halt_poll_is_in_the_cpu_time_of_the_vcpu)
{
	int64_t polled;
	struct run r;
	json_t *w;

	run_halt_poll(&r, "idle=halt-poll");
	w = sleeper_window(&r, "wake_alone");
	polled = count(w, "halt_poll_success_ns") +
		 count(w, "halt_poll_fail_ns");
	/* The host's interrupts are in the one and not in the other. */
	must(2 * get_int(w, "cpu_ns") >= polled, "%d ns of CPU, polled %d ns",
	     (int)get_int(w, "cpu_ns"), (int)polled);
	run_free(&r);
}

TEST(halt_poll_without_three_priorities_is_skipped)
{
	struct run r;

	need_cpus(2);
	run_now(&r, "halt-poll", "--prio", "2");
	must(is_skip(&r) && strstr(r.proc.err, "SCHED_FIFO"), "status %d: %s",
	     r.proc.status, r.proc.err);
	run_free(&r);
}
