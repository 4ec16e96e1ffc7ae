/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_payloads.c - every payload that the program lists runs with every kind
 * of interrupt hardware, on one vCPU and on two, and its result holds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/functional/results.h"

/* As text and as a number; p96 takes 25. */
#define BRIEF	      "samples=21"
#define BRIEF_SAMPLES 21

struct payload_case {
	char payload[64];
	const char *irqchip;
	const char *brief; /* what keeps it short; NULL: nothing does */
	const char *vcpus;
};

/* A parameter's or another line's first word in latvisor list PAYLOAD. */
static bool lists(const char *text, const char *word)
{
	char line[64];

	snprintf(line, sizeof(line), "\n  %s ", word);
	return strstr(text, line) != NULL;
}

static void payload_runs(void **state)
{
	const struct payload_case *c = *state;
	int vcpus = atoi(c->vcpus);
	struct run r;

	test_begin();
	need_cpus(vcpus);
	run_now(&r, c->payload, "--irqchip", c->irqchip, "--vcpus", c->vcpus,
		c->brief);
	if (!is_skip(&r)) {
		must_pass(&r);
		assert_string_equal(get_text(r.json, "payload"), c->payload);
		assert_string_equal(
			get_text(json_object_get(r.json, "machine"), "irqchip"),
			c->irqchip);
		assert_int_equal(
			json_array_size(get_array(
				json_object_get(r.json, "machine"), "vcpus")),
			vcpus);
	}
	/* Only what needs interrupts, or a priority, and only without them. */
	must(has_passed(&r) || strcmp(c->irqchip, "none") == 0 ||
		     strstr(r.proc.err, "SCHED_FIFO"),
	     "SKIP: %s%s", r.proc.out, r.proc.err);
	run_free(&r);
}

/*
 * Every name is one of the payload's notes, else the run is an ERROR; and none
 * has more samples than its note says, else this would be refused.
 */
static void metrics_are_as_their_notes_say(void **state)
{
	const struct payload_case *c = *state;
	struct run r, judged;
	json_t *m;
	size_t i;

	test_begin();
	run_now(&r, c->payload, c->brief);
	must(has_passed(&r) || is_skip(&r), "%s%s", r.proc.out, r.proc.err);
	json_array_foreach (get_array(r.json, "metrics"), i, m) {
		char expr[96];

		if (get_int(m, "samples") <= BRIEF_SAMPLES)
			continue;
		snprintf(expr, sizeof(expr), "%s:p96>1000000000000cycles",
			 get_text(m, "name"));
		run_now(&judged, c->payload, c->brief, "--fail-if", expr);
		must(judged.proc.status != 2, "%s", judged.proc.err);
		run_free(&judged);
	}
	run_free(&r);
}

static void add_case(struct test_list *list, const char *payload,
		     const char *irqchip, const char *about, const char *vcpus)
{
	struct payload_case *c = calloc(1, sizeof(*c));
	char name[160];

	if (!c)
		abort();
	snprintf(c->payload, sizeof(c->payload), "%s", payload);
	c->irqchip = irqchip;
	c->brief = lists(about, "samples")	? BRIEF
		   : lists(about, "duration_s") ? "duration_s=1"
						: NULL;
	c->vcpus = vcpus;
	if (!irqchip) {
		snprintf(name, sizeof(name), "%s_measures_what_its_notes_say",
			 payload);
		test_add(list, name, metrics_are_as_their_notes_say, c);
		return;
	}
	snprintf(name, sizeof(name), "%s_runs_with_irqchip_%s_on_%s_vcpus",
		 payload, irqchip, vcpus);
	test_add(list, name, payload_runs, c);
}

static void add_payload(struct test_list *list, const char *payload)
{
	static const char *const irqchips[] = {"split", "kernel", "none"};
	struct proc p;

	latvisor(&p, "list", payload, NULL);
	add_case(list, payload, NULL, p.out, NULL);
	for (int i = 0; i < 3; i++) {
		if (!strstr(p.out, "vCPUs: 2"))
			add_case(list, payload, irqchips[i], p.out, "1");
		if (!strstr(p.out, "vCPUs: 1\n"))
			add_case(list, payload, irqchips[i], p.out, "2");
	}
	proc_free(&p);
}

static void add_payloads(struct test_list *list)
{
	struct proc p;
	char *line, *rest;

	latvisor(&p, "list", NULL);
	rest = p.out;
	while ((line = strsep(&rest, "\n")) != NULL) {
		line[strcspn(line, " ")] = '\0';
		if (*line)
			add_payload(list, line);
	}
	proc_free(&p);
}
TEST_FAMILY(add_payloads);

TEST(the_program_lists_its_payloads)
{
	struct proc p;

	latvisor(&p, "list", NULL);
	assert_int_equal(p.status, 0);
	must(strstr(p.out, "hello ") && strstr(p.out, "\ntimer-jitter "),
	     "no hello or timer-jitter in: %s", p.out);
	proc_free(&p);
}
