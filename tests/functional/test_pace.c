/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_pace.c - whatever a guest asks the main thread for, it gets a twentieth
 * of a CPU, and 0.1 s at once; and what it does not ask for, it does not pay.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include "tests/functional/results.h"

#define WATCHED_S 2.0
#define SHARE	  0.05
#define BURST_S	  0.1

/* What the main thread has had of CPUs, in s. */
static double cpu_of(pid_t pid)
{
	char path[64];
	unsigned long long ns = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/schedstat", (int)pid,
		 (int)pid);
	f = fopen(path, "r");
	must(f && fscanf(f, "%llu", &ns) == 1, "cannot read %s", path);
	fclose(f);
	return (double)ns / 1e9;
}

/* While the guest runs; the run is over then. */
static void must_leave_the_main_thread_alone(struct run *r)
{
	double began, cpu, seconds;

	sleep_for(0.5 * slow());
	cpu = cpu_of(r->proc.pid);
	began = now();
	sleep_for(WATCHED_S * slow());
	cpu = cpu_of(r->proc.pid) - cpu;
	seconds = now() - began;
	kill(r->proc.pid, SIGINT);
	run_wait(r, PROC_SECONDS);
	must_be_whole(r);
	must(r->proc.status == 130, "status %d: %s", r->proc.status,
	     r->proc.err);
	must(cpu <= SHARE * seconds + BURST_S,
	     "the main thread had %.3f s of %.3f s", cpu, seconds);
}

static void guest_leaves_the_main_thread_alone(void **state)
{
	const char *how = *state;
	struct run r;

	test_begin();
	need_interruption();
	run_start(&r, built("tests/hostile/pulse-storm.elf"), how, "--limit",
		  AMPLE_S, NULL);
	must_leave_the_main_thread_alone(&r);
	run_free(&r);
}

static void add_guests(struct test_list *list)
{
	static const char *const cases[] = {"flood", "stop", "far", "route",
					    "always"};
	static char how[sizeof(cases) / sizeof(*cases)][16];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char name[64];

		snprintf(how[i], sizeof(how[i]), "case=%s", cases[i]);
		snprintf(name, sizeof(name), "main_thread_gives_a_twentieth_%s",
			 cases[i]);
		test_add(list, name, guest_leaves_the_main_thread_alone,
			 how[i]);
	}
}
TEST_FAMILY(add_guests);

/* And says which pulses it has left out. */
TEST(main_thread_gives_a_twentieth_to_pulses)
{
	int64_t refused;
	struct run r;
	json_t *m;

	run_start(&r, "host-wake", "samples=100000000", "gap_us=50", "--limit",
		  AMPLE_S, NULL);
	must_leave_the_main_thread_alone(&r);
	m = find_metric(r.json, "host_timer", 0);
	must(m && get_int(m, "samples") > 0, "it has no samples");
	refused = get_int(device_stats(&r, "pulse_port"), "refused");
	must(refused > get_int(m, "samples"), "%d samples, %d refused",
	     (int)get_int(m, "samples"), (int)refused);
	run_free(&r);
}

/*
 * The main thread is awake half the time, and a guest wants its counters opened
 * by it then.
 */
TEST(main_thread_hears_a_guest_whatever_stops_cost)
{
	siginfo_t ended = {.si_pid = 0};
	struct run r;

	test_begin();
	need_cpus(2);
	run_start(&r, "msg-rr", "samples=100", "warmup=0", "gap_us=20000",
		  "ablation=off", NULL);
	while (ended.si_pid == 0) {
		kill(r.proc.pid, SIGSTOP);
		kill(r.proc.pid, SIGCONT);
		sleep_for(0.0001);
		must(waitid(P_PID, (id_t)r.proc.pid, &ended,
			    WEXITED | WNOHANG | WNOWAIT) == 0,
		     "cannot wait for it");
	}
	run_wait(&r, PROC_SECONDS);
	must_be_whole(&r);
	must_pass(&r);
	run_free(&r);
}
