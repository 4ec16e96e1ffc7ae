/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_explain.c - what a test does to a vCPU's CPU is the cause of the worst
 * samples.  In the laboratory only: elsewhere a host does more than the test.
 */
#include <stdio.h>
#include <string.h>

#include "tests/functional/disturber.h"
#include "tests/functional/results.h"

#define LEAST_HIT 5

static void need_laboratory(void)
{
	struct run r;
	bool is;

	run_now(&r, "hello");
	is = is_insns(r.json);
	run_free(&r);
	if (is)
		return;
	print_message("# only in the laboratory nothing else disturbs\n");
	skip();
}

/* Does a line of its timeline say so, who does it or what is done? */
static bool has_line(const json_t *worst, const char *text)
{
	json_t *line;
	size_t i;

	json_array_foreach (get_array(worst, "timeline"), i, line)
		if (strstr(get_text(line, "who"), text) ||
		    strstr(get_text(line, "what"), text))
			return true;
	return false;
}

/* What is expected of the worst samples. */
struct expected {
	const char *line;	 /* in the timeline of those that it hit */
	const char *kind, *name; /* of their cause; "": any name */
	const char *longer[2];	 /* lines of what a host does by itself, and
				    longer: then that is the cause */
};

static bool has_longer(const json_t *worst, const struct expected *x)
{
	for (size_t i = 0; i < 2 && x->longer[i]; i++)
		if (has_line(worst, x->longer[i]))
			return true;
	return false;
}

static bool is_named(const json_t *worst, const struct expected *x)
{
	json_t *cause = json_object_get(worst, "cause");

	return strcmp(get_text(cause, "kind"), x->kind) == 0 &&
	       strncmp(get_text(cause, "name"), x->name, strlen(x->name)) == 0;
}

static void must_name(const struct run *r, const struct expected *x)
{
	json_t *list =
		get_array(json_object_get(r->json, "explain"), "metrics");
	int hit = 0, named = 0;
	json_t *m, *w, *other = NULL;
	size_t i, k;

	json_array_foreach (list, i, m)
		json_array_foreach (get_array(m, "worst"), k, w) {
			if (!has_line(w, x->line) || has_longer(w, x))
				continue;
			hit++;
			if (is_named(w, x))
				named++;
			else
				other = w;
		}
	must(hit >= LEAST_HIT, "only %d of the worst have %s\n%s", hit, x->line,
	     r->proc.out);
	must(10 * named >= 9 * hit, "%d of %d have it as their cause; one: %s",
	     named, hit, json_dumps(other, JSON_INDENT(1)));
}

static void disturbed(const struct disturbance *d, const char *idle,
		      const struct expected *x)
{
	char cpu[16], wait[24];
	int there = nr_cpus() - 1;
	struct run r;
	pid_t pid;

	need_cpus(2);
	need_laboratory();
	snprintf(cpu, sizeof(cpu), "%d", there);
	snprintf(wait, sizeof(wait), "idle=%s", idle);
	pid = disturber_start(d, there);
	run_start(&r, "timer-jitter", "samples=400", "interval_us=1500", wait,
		  "--vcpus", "1", "--cpus", cpu, "--explain", "--limit",
		  AMPLE_S, NULL);
	run_wait(&r, 600);
	disturber_stop(d, pid);
	must(r.json, "%s%s", r.proc.out, r.proc.err);
	must_name(&r, x);
	run_free(&r);
}

TEST(explain_names_a_thread)
{
	disturbed(&disturbance_thread, "hlt",
		  &(struct expected){.line = DISTURBER,
				     .kind = "thread",
				     .name = DISTURBER});
}

TEST(explain_names_a_softirq)
{
	disturbed(&disturbance_softirq, "hlt",
		  &(struct expected){.line = "softirq_exit: NET_RX",
				     .kind = "softirq",
				     .name = "NET_RX"});
}

TEST(explain_names_an_interrupt)
{
	disturbed(&disturbance_interrupt, "hlt",
		  &(struct expected){.line = "irq_handler_entry: ttyS",
				     .kind = "interrupt",
				     .name = "ttyS",
				     .longer = {": tick_", "softirq_"}});
}

/* The guest disturbs itself. */
TEST(explain_names_a_page_fault)
{
	const char *guest = built("tests/hostile/touch-some.elf");
	struct run r;

	need_laboratory();
	run_start(&r, guest, "--explain", "--limit", AMPLE_S, NULL);
	run_wait(&r, 600);
	must(r.json, "%s%s", r.proc.out, r.proc.err);
	must_name(&r, &(struct expected){.line = "kvm_page_fault",
					 .kind = "page_fault",
					 .name = ""});
	run_free(&r);
}

/* The vCPU never sleeps. */
TEST(explain_names_throttling)
{
	disturbed(&disturbance_throttling, "spin",
		  &(struct expected){
			  .line = DISTURBER, .kind = "throttled", .name = ""});
}
