/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_stop.c - Ctrl-C and time limits end a run soon, whatever the guest
 * does, and what was measured until then is kept.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/functional/results.h"

#define SOON 2.0 /* seconds; nominally 0.1 */

/* Sends it while the run is going; the seconds until its end. */
static double stop(struct run *r, int sig)
{
	double sent;

	sleep_for(0.4 * slow());
	sent = now();
	kill(r->proc.pid, sig);
	run_wait(r, SOON + 1);
	return now() - sent;
}

static void must_be_interrupted(const struct run *r, double seconds)
{
	must_be_whole(r);
	must(r->proc.status == 130, "status %d: %s%s", r->proc.status,
	     r->proc.out, r->proc.err);
	must(get_bool(r->json, "interrupted"), "it does not say interrupted");
	must(seconds < SOON * slow(), "its end took %.1f s", seconds);
	must(strstr(r->proc.out, "(interrupted)"), "%s", r->proc.out);
	must_be_result(r->json);
}

static void must_keep_samples(int sig)
{
	struct run r;
	double seconds;
	json_t *m;

	run_start(&r, "timer-jitter", "samples=1000000", "warmup=5", NULL);
	seconds = stop(&r, sig);
	must_be_interrupted(&r, seconds);
	m = find_metric(r.json, "lateness", 0);
	must(m, "there is no metric");
	assert_string_equal(get_text(m, "status"), "open");
	must(get_int(m, "samples") >= 5 && get_int(m, "samples") < 1000000,
	     "%d samples", (int)get_int(m, "samples"));
	assert_int_equal(get_int(m, "asked"), 1000000);
	run_free(&r);
}

TEST(interrupt_ends_a_run_and_keeps_its_samples)
{
	must_keep_samples(SIGINT);
}

TEST(terminate_ends_a_run_and_keeps_its_samples)
{
	must_keep_samples(SIGTERM);
}

/* Every CPU is a vCPU's that spins, interrupts off, at real-time priority. */
TEST(interrupt_gets_through_to_vcpus_that_spin_on_every_cpu)
{
	struct run r;
	char vcpus[16];

	need_interruption();
	snprintf(vcpus, sizeof(vcpus), "%d", nr_cpus() < 64 ? nr_cpus() : 64);
	run_start(&r, built("tests/hostile/cli-loop-all.elf"), "--vcpus", vcpus,
		  "--limit", "30", NULL);
	must_be_interrupted(&r, stop(&r, SIGINT));
	run_free(&r);
}

TEST(interrupt_gets_through_to_vcpus_that_exit_without_a_pause)
{
	struct run r;

	run_start(&r, built("tests/hostile/exit-storm.elf"), "--limit", "30",
		  NULL);
	must_be_interrupted(&r, stop(&r, SIGINT));
	run_free(&r);
}

/* An interrupt does not make good what was bad. */
TEST(interrupt_does_not_hide_an_error)
{
	struct run r;
	double seconds;

	need_interruption();
	run_start(&r, built("tests/hostile/race-results.elf"), "--limit", "30",
		  NULL);
	seconds = stop(&r, SIGINT);
	must(r.proc.status == 99 || r.proc.status == 130, "status %d: %s",
	     r.proc.status, r.proc.err);
	must(r.proc.signal == 0 && seconds < SOON * slow(), "%.1f s", seconds);
	run_free(&r);
}

static void must_have_been(const struct run *r, size_t vcpu, bool halted,
			   const char *symbol, const char *insn)
{
	const json_t *vcpus =
		get_array(json_object_get(r->json, "machine"), "vcpus");
	const json_t *at =
		json_object_get(json_array_get(vcpus, vcpu), "stopped_at");

	must(at, "vCPU %zu was nowhere", vcpu);
	assert_int_equal(get_bool(at, "halted"), halted);
	must(strncmp(get_text(at, "symbol"), symbol, strlen(symbol)) == 0,
	     "vCPU %zu was at %s", vcpu, get_text(at, "symbol"));
	must(strncmp(get_text(at, "instruction"), insn, strlen(insn)) == 0,
	     "vCPU %zu was at '%s'", vcpu, get_text(at, "instruction"));
}

/* An OUT that KVM has still to complete, or what is behind it. */
TEST(timeout_tells_where_each_vcpu_was)
{
	struct run r;

	need_cpus(2);
	run_now(&r, built("tests/hostile/exit-storm.elf"), "--vcpus", "2",
		"--limit", "0.5");
	must_be_whole(&r);
	assert_int_equal(r.proc.status, 124);
	must_have_been(&r, 0, false, "exit_storm+", "");
	must_have_been(&r, 1, false, "storm+", "");
	must(strstr(r.proc.out, "vCPU 1 was at 0x"), "%s", r.proc.out);
	run_free(&r);
	run_now(&r, built("tests/hostile/hlt-no-apic.elf"), "--limit", "0.5");
	must_be_whole(&r);
	must_have_been(&r, 0, true, "hlt_no_apic+", "hlt");
	must(strstr(r.proc.out, "vCPU 0 was halted at 0x"), "%s", r.proc.out);
	run_free(&r);
}

static void must_time_out(const char *name, const char *vcpus)
{
	struct run r;

	need_interruption();
	run_now(&r, built("tests/hostile/%s.elf", name), "--vcpus", vcpus,
		"--limit", "0.5");
	must_be_whole(&r);
	must(r.proc.status == 124, "status %d", r.proc.status);
	must(!get_bool(r.json, "interrupted"), "nobody interrupted it");
	must(r.proc.seconds >= 0.5 && r.proc.seconds < 0.5 + SOON * slow(),
	     "with a limit of 0.5 s it took %.2f s", r.proc.seconds);
	must(get_int(r.json, "duration_ns") >= 500000000, "%d ms",
	     (int)(get_int(r.json, "duration_ns") / 1000000));
	run_free(&r);
}

TEST(limit_ends_one_vcpu_that_spins)
{
	must_time_out("cli-loop", "1");
}

TEST(limit_ends_vcpus_that_spin_on_every_cpu)
{
	char vcpus[16];

	snprintf(vcpus, sizeof(vcpus), "%d", nr_cpus() < 64 ? nr_cpus() : 64);
	must_time_out("cli-loop-all", vcpus);
}

/* Without --limit the note's own limit_ms does: 2 s. */
TEST(limit_of_the_note_holds_without_an_option)
{
	struct run r;

	need_interruption();
	run_now(&r, built("tests/hostile/cli-loop.elf"), OWN_LIMIT);
	must_be_whole(&r);
	assert_int_equal(r.proc.status, 124);
	must(r.proc.seconds >= 2.0 && r.proc.seconds < 2.0 + SOON * slow(),
	     "it took %.2f s", r.proc.seconds);
	run_free(&r);
}

/* Many more vCPUs than CPUs: the watchdog still gets its turn. */
TEST(limit_ends_64_vcpus_that_share_the_cpus)
{
	struct run r;

	need_interruption();
	run_now(&r, built("tests/hostile/cli-loop-all.elf"), "--vcpus", "64",
		"--allow-overcommit", "--limit", "0.5");
	must_be_whole(&r);
	assert_int_equal(r.proc.status, 124);
	must(r.proc.seconds < 0.5 + 2 * SOON * slow(), "it took %.2f s",
	     r.proc.seconds);
	run_free(&r);
}
