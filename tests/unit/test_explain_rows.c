/* SPDX-License-Identifier: BSD-2-Clause */
/* test_explain_rows.c - --explain of many rows, and what it says of rounds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include "vmm/report/text.h"

#define KHZ 2000000 /* two ticks a nanosecond */

/* Two stages, of which the second one has the larger median. */
static struct explain *made_explain(const char *name, enum cause_kind kind,
				    const char *cause)
{
	struct explain *x = calloc(1, sizeof(*x));
	struct explain_class *c = &x->classes[0];

	assert_non_null(x);
	x->nr_classes = 1;
	x->nr_traced = c->nr = 10;
	x->nr_plain = 10;
	c->path = PATH_PREEMPTED;
	c->nr_stages = 2;
	strcpy(c->stages[0].name, "exit");
	c->stages[0].spread = (struct explain_spread){.p50 = 20, .sum = 600};
	snprintf(c->stages[1].name, STAGE_NAME_LEN, "%s", name);
	c->stages[1].spread =
		(struct explain_spread){.p50 = 1999999998, .sum = 200};
	c->whole.sum = 800;
	x->nr_tally = 1;
	x->tally[0].nr = 12;
	x->tally[0].cause.kind = kind;
	snprintf(x->tally[0].cause.name, CAUSE_NAME_LEN, "%s", cause);
	return x;
}

/* To be freed, and so is x. */
static char *row_of(struct explain *x, const char *label)
{
	const struct ticks ticks = {.insns = false};
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	report_explained(x, label, &ticks, KHZ, f);
	fclose(f);
	free(x);
	return text;
}

static void assert_row(struct explain *x, const char *label, const char *wanted)
{
	char *text = row_of(x, label);

	assert_string_equal(text, wanted);
	free(text);
}

TEST(explain_row_has_its_longest_stage_and_commonest_cause)
{
	assert_row(
		made_explain("schedule", CAUSE_THREAD, "kworker/1:0"),
		"ipi-wake-passthrough",
		"ipi-wake-passthrough preempted schedule      999,999,999  25 "
		"12 kworker/1:0\n");
	assert_row(
		made_explain("unblock+entry", CAUSE_TIMER, ""), "a label",
		"a label              preempted unblock+entry 999,999,999  25 "
		"12 timer\n");
	/* The first of its parts that fit; a label too long has a line. */
	assert_row(
		made_explain("interrupt+hrtimer+kick", CAUSE_IRQ, "eth0"),
		"ipi-wake-passthrough2",
		"ipi-wake-passthrough2\n"
		"                     preempted interrupt+    999,999,999  25 "
		"12 irq eth0\n");
}

TEST(explain_row_without_samples_says_so)
{
	assert_row(calloc(1, sizeof(struct explain)), "a",
		   "a                    no sample beside recorded events\n");
}

static void assert_narrow(const char *text)
{
	for (size_t len; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (len > 79)
			fail_msg("%zu columns: %.*s", len, (int)len, text);
	}
}

TEST(explain_rows_are_79_columns_wide)
{
	const struct ticks ticks = {.insns = true};
	char *head = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&head, &len);

	assert_non_null(f);
	report_explained_head(&ticks, f);
	fclose(f);
	assert_narrow(head);
	assert_has(head, "in instructions");
	free(head);
	for (enum cause_kind k = 0; k < NR_CAUSES; k++)
		/* A thread has a name always. */
		for (unsigned int i = k == CAUSE_THREAD || k == CAUSE_WORK;
		     i < 2; i++) {
			char *text = row_of(
				made_explain("back-schedule", k,
					     i ? "0123456789012345678901234567"
					       : ""),
				"12345678901234567890");

			assert_narrow(text);
			assert_true(strlen(text) > 64); /* there is a cause */
			assert_true(text[strlen(text) - 2] != ' ');
			free(text);
		}
}

/* A metric that was explained, in so many of all rounds. */
static struct made *made_explained(unsigned int nr_rounds, unsigned int of)
{
	struct made *m = made_new();
	struct explain *x = made_explain("schedule", CAUSE_NOTHING, "");

	made_samples(made_metric(m, "wait", 0), 10);
	m->r->nr_rounds = of;
	m->r->trace.asked = true;
	m->r->trace.list = x;
	m->r->trace.nr = 1;
	x->nr_rounds = nr_rounds;
	x->nr_worst = 1;
	x->worst[0].round = nr_rounds;
	strcpy(x->worst[0].stage, "exit");
	result_analyse(m->r);
	return m;
}

TEST(explain_says_of_how_many_rounds_it_is)
{
	struct made *m = made_explained(5, 5);

	assert_has(made_text(m), "10 without (the percentiles are theirs)");
	assert_has(made_text(m), "\n  of 5 rounds together\n");
	assert_has(made_text(m), "slept, round 5\n");
	assert_has(made_text(m), "price of looking");
	/* In one of them the samples beside events could not be left out. */
	m->r->trace.list->priced = true;
	assert_lacks(made_text(m), "the percentiles are theirs");
	assert_lacks(made_text(m), "price of looking");
	made_free(m);
	m = made_explained(2, 3);
	assert_has(made_text(m),
		   "\n  of 2 of 3 rounds: nothing of it was recorded in the "
		   "others\n");
	assert_lacks(made_text(m), "the percentiles are theirs");
	made_free(m);
	m = made_explained(0, 0);
	assert_has(made_text(m), "(the percentiles are theirs)");
	assert_lacks(made_text(m), "round");
	made_free(m);
}
