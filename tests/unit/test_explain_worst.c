/* SPDX-License-Identifier: BSD-2-Clause */
/* test_explain_worst.c - the worst samples, their causes and their timelines.
 */
#include <stdio.h>
#include <string.h>

#include "tests/unit/explained.h"
#include "tests/unit/unit.h"

#define MORE 5000u

static const uint64_t usual[STAGES_MAX] = {10,	20,  30,  40,  50,  60,
					   70,	80,  90,  100, 110, 120,
					   130, 140, 150, 160, 170};

/* When a usual stage begins. */
static uint64_t before(unsigned int stage)
{
	uint64_t ticks = 0;

	for (unsigned int i = 0; i < stage; i++)
		ticks += usual[i];
	return ticks;
}

/* A sample whose stage takes MORE; when that stage begins. */
static uint64_t longer(struct explained_run *u, unsigned int stage)
{
	uint64_t took[STAGES_MAX], begin;

	memcpy(took, usual, sizeof(took));
	took[stage] += MORE;
	begin = explained_sample(u, took, 0);
	return begin + before(stage);
}

/* An interrupt on the CPU whose stage it is. */
static void interrupt(struct explained_run *u, unsigned int stage,
		      uint64_t from, uint64_t until, const char *name)
{
	int v = stage_is_target(u->x->kind, stage) ? TARGET : SENDER;

	traced_add(&u->t, EVENT(from, CPU(v), TID(v), TRACE_IRQ, .a = 30),
		   name);
	traced_add(&u->t, EVENT(until, CPU(v), TID(v), TRACE_IRQ_EXIT, .a = 30),
		   NULL);
}

static struct explained_run *usual_run(enum span_kind kind)
{
	struct explained_run *u = explained_new(kind);

	for (unsigned int i = 0; i < 20; i++)
		explained_sample(u, usual, 0);
	return u;
}

TEST(explain_finds_the_stage_that_is_longer_and_its_cause)
{
	static const uint64_t lengths[NR_SPAN_KINDS] = {60, 450, 450, 1530,
							360};

	for (enum span_kind kind = 0; kind < NR_SPAN_KINDS; kind++)
		for (unsigned int i = 0; i < stages_nr(kind); i++) {
			struct explained_run *u = usual_run(kind);
			const struct explain_worst *w;
			char name[STAGE_NAME_LEN];
			uint64_t at = longer(u, i);

			interrupt(u, i, at + 100, at + 3000, "nvme0q1");
			w = &explained_run(u)->worst[0];
			stage_name(kind, 0x1ffff, i, name);
			assert_string_equal(w->stage, name);
			assert_int_equal(w->excess, MORE);
			assert_int_equal(w->value, lengths[kind] + MORE);
			assert_int_equal(w->tsc, at - before(i) + w->value);
			assert_int_equal(w->cause.kind, CAUSE_IRQ);
			assert_string_equal(w->cause.name, "nvme0q1");
			assert_int_equal(w->cause.tsc, 2900);
			explained_free(u);
		}
}

/* What happens in another stage, or on another CPU, is not to blame. */
TEST(explain_finds_no_cause_elsewhere)
{
	struct explained_run *u = usual_run(SPAN_IPI);
	uint64_t at = longer(u, 5);
	const struct explain_worst *w;

	interrupt(u, 0, at + 100, at + 3000, "on the sender's");
	traced_add(&u->t, EVENT(at + 1, CPU(2), 0, TRACE_IRQ), "on another");
	interrupt(u, 4, at - 40, at, "before");
	interrupt(u, 4, at + MORE + 60, at + MORE + 70, "behind");
	w = &explained_run(u)->worst[0];
	assert_string_equal(w->stage, "schedule");
	assert_int_equal(w->cause.kind, CAUSE_NOTHING);
	assert_string_equal(w->cause.name, "");
	assert_int_equal(w->cause.tsc, 0);
	assert_int_equal(w->tsc, at + MORE + 60 + 70 + 80 + 90);
	explained_free(u);
}

TEST(explain_wants_a_cause_to_explain_a_quarter)
{
	for (unsigned int less = 0; less < 2; less++) {
		struct explained_run *u = usual_run(SPAN_TIMER);
		uint64_t at = longer(u, 0);
		const struct explain_worst *w;

		interrupt(u, 0, at + 100, at + 100 + MORE / 4 - less, "eth0");
		w = &explained_run(u)->worst[0];
		assert_int_equal(w->cause.kind,
				 less ? CAUSE_NOTHING : CAUSE_IRQ);
		explained_free(u);
	}
}

/* A stage that is long is so always. */
TEST(explain_goes_by_the_excess_and_not_by_the_length)
{
	uint64_t took[STAGES_MAX] = {10, 20, 30, 40, 50, 60, 70, 80, 1000};
	struct explained_run *u = explained_new(SPAN_TIMER);
	const struct explain_worst *w;

	for (unsigned int i = 0; i < 3; i++)
		explained_sample(u, took, 0);
	took[4] += 500;
	took[8] += 10;
	explained_sample(u, took, 0);
	w = &explained_run(u)->worst[0];
	assert_string_equal(w->stage, "schedule");
	assert_int_equal(w->excess, 500);
	/* One that is longer by nothing is not to blame. */
	assert_int_equal(w[1].excess, 0);
	assert_string_equal(w[1].stage, "handler");
	explained_free(u);
}

/* Two stages of which a sample has no boundary usually take what both do. */
TEST(explain_knows_what_parts_take_that_others_have)
{
	struct explained_run *u = usual_run(SPAN_IPI);
	uint64_t took[STAGES_MAX] = {10, 20, 30, 40, 300, 400, 70, 80, 100};
	const struct explain *x;

	explained_sample(u, took, 1u << 4);
	x = explained_run(u);
	assert_int_equal(x->classes[0].others, 1);
	assert_string_equal(x->worst[0].stage, "wakeup+schedule");
	assert_int_equal(x->worst[0].excess, 700 - 50 - 60);
	explained_free(u);
}

/*
 * A way with boundaries of its own, of which all samples were disturbed, and
 * one of whose boundaries lies within the other way's stages.
 */
TEST(explain_takes_the_least_of_all_ways)
{
	static const struct explain x = {
		.nr_classes = 2,
		.classes =
			{{.nr_stages = 3,
			  .stages = {{.first = 0, .last = 1, .spread.p50 = 5},
				     {.first = 2, .last = 4, .spread.p50 = 7},
				     {.first = 5, .last = 8, .spread.p50 = 9}}},
			 {.nr_stages = 2,
			  .stages =
				  {{.first = 0, .last = 3, .spread.p50 = 900},
				   {.first = 4, .last = 8, .spread.p50 = 8}}}},
	};

	assert_int_equal(explain_usual(&x, 0, 3), 5 + 7);
	assert_int_equal(explain_usual(&x, 0, 1), 5);
	assert_int_equal(explain_usual(&x, 4, 4), 7);
	assert_int_equal(explain_usual(&x, 4, 8), 8);
	assert_int_equal(explain_usual(&x, 0, 8), 5 + 7 + 9);
	assert_int_equal(
		explain_usual(&(struct explain){.nr_classes = 0}, 0, 8), 0);
}

TEST(explain_tallies_causes_the_commonest_first)
{
	static const char *const names[] = {"nvme", "eth0", "eth0", "nvme",
					    "nvme", "eth0", "nvme", "nvme"};
	struct explained_run *u = usual_run(SPAN_IPI);
	const struct explain *x;

	for (unsigned int i = 0; i < 8; i++) {
		uint64_t at = longer(u, 6);

		interrupt(u, 6, at, at + 2000 + (i == 3 ? 700 : i), names[i]);
	}
	for (unsigned int i = 0; i < 2; i++)
		longer(u, 7);
	x = explained_run(u);
	assert_int_equal(x->nr_worst, EXPLAIN_WORST);
	assert_int_equal(x->nr_tally, 3);
	assert_int_equal(x->tally[0].nr, 8);
	assert_int_equal(x->tally[0].cause.kind, CAUSE_NOTHING);
	assert_int_equal(x->tally[1].nr, 5);
	assert_string_equal(x->tally[1].cause.name, "nvme");
	/* The longest of them. */
	assert_int_equal(x->tally[1].cause.tsc, 2700);
	assert_int_equal(x->tally[2].nr, 3);
	assert_string_equal(x->tally[2].cause.name, "eth0");
	assert_int_equal(x->tally[2].cause.tsc, 2005);
	explained_free(u);
}

static void assert_line(const struct explain_worst *w, unsigned int i,
			uint64_t after, const char *who, const char *what)
{
	assert_true(i < w->nr_lines);
	assert_int_equal(w->lines[i].after, after);
	assert_string_equal(w->lines[i].who, who);
	assert_string_equal(w->lines[i].what, what);
}

TEST(explain_tells_what_happened_in_the_worst)
{
	struct explained_run *u = explained_new(SPAN_IPI);
	uint64_t at = explained_sample(u, usual, 0);
	const struct explain_worst *w;

	interrupt(u, 8, at + 370, at + 380, "nvme0q1");
	traced_add(&u->t, EVENT(at + 371, CPU(2), 0, TRACE_SOFTIRQ), NULL);
	traced_add(&u->t,
		   EVENT(at + 390, CPU(TARGET), MAIN_TID, TRACE_SWITCH,
			 .a = OTHER_TID),
		   "bash");
	traced_add(
		&u->t,
		EVENT(at + 400, CPU(SENDER), OTHER_TID, TRACE_SOFTIRQ, .a = 7),
		NULL);
	w = &explained_run(u)->worst[0];
	assert_int_equal(w->nr_lines, 2 + 9 + 4);
	assert_int_equal(w->more, 0);
	assert_line(w, 0, 0, "guest", "first clock read");
	assert_line(w, 1, 10, "CPU 4 vCPU 0", "kvm_exit: 0");
	assert_line(w, 2, 30, "CPU 4 vCPU 0", "kvm_apic_ipi");
	assert_line(w, 3, 60, "CPU 4 vCPU 0", "kvm_apic_accept_irq: 0");
	assert_line(w, 4, 100, "CPU 4 vCPU 0", "sched_waking: CPU 0 vCPU 1");
	assert_line(w, 5, 100, "CPU 5 idle", "call_function_single_entry");
	assert_line(w, 7, 210, "CPU 5 idle", "sched_switch: CPU 5 vCPU 1");
	assert_line(w, 10, 370, "CPU 5 vCPU 1", "irq_handler_entry: nvme0q1");
	assert_line(w, 12, 390, "CPU 5 main thread",
		    "sched_switch: CPU 5 bash");
	assert_line(w, 13, 400, "CPU 4 bash", "softirq_entry: SCHED");
	assert_line(w, 14, 450, "guest", "last clock read");
	explained_free(u);
}

/* Without a sender no other CPU is of interest, its idle task neither. */
TEST(explain_tells_of_a_timer_by_its_cpu)
{
	struct explained_run *u = explained_new(SPAN_TIMER);
	uint64_t at = explained_sample(u, usual, 0);
	const struct explain_worst *w;

	traced_add(&u->t, EVENT(at + 5, CPU(2), 0, TRACE_SOFTIRQ), NULL);
	w = &explained_run(u)->worst[0];
	assert_int_equal(w->nr_lines, 2 + 8);
	assert_line(w, 0, 0, "guest", "the timer is due");
	assert_line(w, 1, 10, "CPU 5 idle", "local_timer_entry");
	explained_free(u);
}

TEST(explain_counts_the_lines_that_have_no_room)
{
	for (unsigned int nr = 29; nr < 33; nr++) {
		struct explained_run *u = explained_new(SPAN_TIMER);
		const struct explain_worst *w;

		for (unsigned int i = 0; i < nr; i++)
			traced_add(&u->t,
				   EVENT(u->next + i, CPU(TARGET), 0,
					 TRACE_IRQ_WORK),
				   NULL);
		explained_plain(u, 1000);
		w = &explained_run(u)->worst[0];
		assert_int_equal(w->nr_lines + w->more, nr + 2);
		assert_int_equal(w->nr_lines, nr < 30 ? nr + 2 : EXPLAIN_LINES);
		assert_line(w, w->nr_lines - 1, 1000, "guest",
			    "last clock read");
		assert_line(w, 30, nr < 30 ? 1000 : 29,
			    nr < 30 ? "guest" : "CPU 5 idle",
			    nr < 30 ? "last clock read" : "irq_work_entry");
		explained_free(u);
	}
}

/* What sends it is the main thread, wherever it is. */
TEST(explain_tells_of_a_pulse_what_the_main_thread_did)
{
	struct explained_run *u = explained_new(SPAN_PULSE);
	uint64_t at = explained_sample(u, usual, 0);
	const struct explain_worst *w;

	traced_add(&u->t, EVENT(at + 5, MAIN_CPU, OTHER_TID, TRACE_IRQ), "x");
	traced_add(&u->t,
		   EVENT(at + 61, CPU(TARGET), 0, TRACE_SOFTIRQ_EXIT, .a = 9),
		   NULL);
	w = &explained_run(u)->worst[0];
	assert_int_equal(w->nr_lines, 2 + 8 + 1);
	assert_line(w, 0, 0, "guest", "first clock read");
	assert_line(w, 1, 10, "CPU 3 main thread", "kvm_msi_set_irq");
	assert_line(w, 2, 30, "CPU 3 main thread", "kvm_apic_accept_irq: 0");
	assert_line(w, 5, 61, "CPU 5 idle", "softirq_exit: RCU");
	explained_free(u);
}
