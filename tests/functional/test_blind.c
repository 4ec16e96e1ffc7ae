/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_blind.c - for how long a payload's sender could not send: a process that
 * is stopped again and again cannot.  host-wake's is in test_host_wake.c.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/functional/results.h"

#define STOP_SECONDS 0.06
#define GAP_SECONDS  0.02

struct blind_case {
	const char *payload, *arg, *metric;
	int vcpu;
};

/* Until it ends: stopped, then left alone, each for three gaps. */
static void stop_again_and_again(pid_t pid)
{
	siginfo_t ended = {.si_pid = 0};

	while (ended.si_pid == 0) {
		kill(pid, SIGSTOP);
		sleep_for(STOP_SECONDS);
		kill(pid, SIGCONT);
		sleep_for(STOP_SECONDS);
		must(waitid(P_PID, (id_t)pid, &ended,
			    WEXITED | WNOHANG | WNOWAIT) == 0,
		     "cannot wait for it");
	}
}

static bool has_warning(const json_t *result, const char *text)
{
	const json_t *warnings = get_array(result, "warnings");
	bool has = false;

	for (size_t i = 0; i < json_array_size(warnings); i++) {
		const json_t *w = json_array_get(warnings, i);

		has |= strstr(json_string_value(w), text) != NULL;
	}
	return has;
}

/*
 * Nearly all the time the sender waits for the end of a gap.  Of the dozen
 * stops in the window, one in a gap makes it blind for what is longer.
 */
static void sender_is_blind(void **state)
{
	const struct blind_case *c = *state;
	int64_t blind_us, took_us;
	const json_t *m;
	struct run r;

	test_begin();
	need_cpus(2);
	run_start(&r, c->payload, "samples=40", "warmup=0", "gap_us=20000",
		  c->arg, NULL);
	stop_again_and_again(r.proc.pid);
	run_wait(&r, PROC_SECONDS);
	must_be_whole(&r);
	must_pass(&r);
	if (is_insns(r.json)) {
		print_message("# instructions are not stopped\n");
		skip();
	}
	m = find_metric(r.json, c->metric, c->vcpu);
	must(m && json_object_get(m, "blind"), "%s was never blind", c->metric);
	blind_us = us_of(r.json, json_object_get(m, "blind"));
	took_us = get_int(find_window(m, c->vcpu), "duration_ns") / 1000;
	must(blind_us >= (STOP_SECONDS - GAP_SECONDS) * 0.9e6 &&
		     blind_us <= took_us,
	     "blind for %d of %d us", (int)blind_us, (int)took_us);
	must(has_warning(r.json, "an event was due and its sender could not"),
	     "no warning of it");
	run_free(&r);
}

static void add_blind(struct test_list *list)
{
	static struct blind_case cases[] = {
		{"ipi-wake", "idle=hlt", "ipi_wake", 1},
		{"ipi-rtt", "idle=hlt", "ipi_rtt", 0},
		{"msg-rr", "ablation=off", "rr", 0},
		{"token-ring", "ablation=off", "ring", 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char name[96];

		snprintf(name, sizeof(name), "sender_of_%s_is_blind_in_a_stop",
			 cases[i].metric);
		test_add(list, name, sender_is_blind, &cases[i]);
	}
}
TEST_FAMILY(add_blind);
