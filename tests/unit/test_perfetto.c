/* SPDX-License-Identifier: BSD-2-Clause */
/* test_perfetto.c - --perfetto: what it shows of made-up recordings. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/chrome_trace.h"
#include "tests/unit/unit.h"

static const uint64_t took[STAGES_MAX] = {10, 11, 12, 13, 14, 15, 16, 17, 18,
					  19, 20, 21, 22, 23, 24, 25, 26};

/* One sample of that kind, at 10000 in a block from 1 on, 2 GHz. */
static struct chrome_trace *trace_of(enum span_kind kind)
{
	struct explained_run *u = explained_new(kind);
	struct chrome_trace *c;
	struct replayed *p;

	explained_sample(u, took, 0);
	p = replay_made(u);
	c = chrome_trace_of(p->r);
	replay_free(p);
	explained_free(u);
	return c;
}

TEST(perfetto_is_well_formed_for_every_kind)
{
	for (unsigned int k = 0; k < NR_SPAN_KINDS; k++) {
		struct chrome_trace *c = trace_of((enum span_kind)k);

		/* From what sends it; what a vCPU does itself, nothing does. */
		assert_int_equal(c->nr_arrows, k != SPAN_SELF);
		chrome_trace_free(c);
	}
}

TEST(perfetto_has_the_stages_of_a_sample_within_it)
{
	struct chrome_trace *c = trace_of(SPAN_IPI);
	const struct chrome_slice *s = chrome_slice(c, "slept, worst 1");
	double at = s->ts;

	assert_string_equal(chrome_thread(c, s->tid), "vCPU 1 samples: made");
	/* Half a nanosecond a tick, from the block's begin on. */
	assert_true(s->ts == 4.999);
	for (unsigned int i = 0; i < stages_nr(SPAN_IPI); i++) {
		char name[STAGE_NAME_LEN];
		const struct chrome_slice *part;

		stage_name(SPAN_IPI, UINT32_MAX, i, name);
		part = chrome_slice(c, name);
		assert_int_equal(part->tid, s->tid);
		assert_int_equal(part->depth, 1);
		assert_true(part->ts > at - 0.0001 && part->ts < at + 0.0001);
		at += part->dur;
	}
	assert_true(at > s->ts + s->dur - 0.0001);
	assert_true(at < s->ts + s->dur + 0.0001);
	chrome_trace_free(c);
}

TEST(perfetto_counts_instructions_as_microseconds)
{
	struct explained_run *u = explained_new(SPAN_TIMER);
	const struct chrome_slice *s;
	struct chrome_trace *c;
	struct replayed *p;

	explained_sample(u, took, 0);
	p = replay_made(u);
	p->r->ticks = (struct ticks){.insns = true, .step = 5};
	c = chrome_trace_of(p->r);
	s = chrome_slice(c, "slept, worst 1");
	assert_true(s->ts == 9999 && s->dur == (double)u->samples[0].value);
	assert_has(c->text, "\"a_microsecond_is\":\"1 instruction");
	chrome_trace_free(c);
	replay_free(p);
	explained_free(u);
}

/* What the target's CPU does, in a block from 1 to the end. */
static struct chrome_trace *cpu_trace(struct explained_run *u)
{
	struct replayed *p;
	struct chrome_trace *c;

	u->next = 10000;
	p = replay_made(u);
	c = chrome_trace_of(p->r);
	replay_free(p);
	explained_free(u);
	return c;
}

static void assert_slice(const struct chrome_trace *c, const char *name,
			 uint64_t begin, uint64_t end, unsigned int depth)
{
	const struct chrome_slice *s = chrome_slice(c, name);

	assert_int_equal(s->depth, depth);
	assert_true(s->ts == (double)((begin - 1) / 2) / 1000);
	assert_true(s->ts + s->dur > (double)((end - 1) / 2) / 1000 - 0.0001);
	assert_true(s->ts + s->dur < (double)((end - 1) / 2) / 1000 + 0.0001);
}

TEST(perfetto_shows_what_a_cpu_does_nested)
{
	struct explained_run *u = explained_new(SPAN_TIMER);
	struct chrome_trace *c;

	traced_on(&u->t, 101, OTHER_TID, TRACE_TICK_STOP, 0, NULL);
	traced_on(&u->t, 201, OTHER_TID, TRACE_IRQ, 30, "eth\"0\\");
	traced_on(&u->t, 301, OTHER_TID, TRACE_SOFTIRQ, 3, NULL);
	traced_on(&u->t, 401, OTHER_TID, TRACE_IRQ_WORK, 0, NULL);
	traced_on(&u->t, 501, OTHER_TID, TRACE_IRQ_WORK_EXIT, 0, NULL);
	traced_on(&u->t, 601, OTHER_TID, TRACE_SOFTIRQ_EXIT, 3, NULL);
	traced_on(&u->t, 701, OTHER_TID, TRACE_IRQ_EXIT, 30, NULL);
	traced_on(&u->t, 801, OTHER_TID, TRACE_SWITCH, TID(TARGET), "latvisor");
	traced_on(&u->t, 901, TID(TARGET), TRACE_LOCAL_TIMER, 0, NULL);
	traced_on(&u->t, 1001, TID(TARGET), TRACE_LOCAL_TIMER_EXIT, 0, NULL);
	traced_on(&u->t, 1101, TID(TARGET), TRACE_KVM_ENTRY, 0, NULL);
	traced_on(&u->t, 1201, TID(TARGET), TRACE_KVM_EXIT, 12, NULL);
	traced_on(&u->t, 1301, TID(TARGET), TRACE_SWITCH, 0, "swapper/5");
	traced_on(&u->t, 1401, 0, TRACE_SWITCH, OTHER_TID, "a-thief");
	traced_on(&u->t, 1501, OTHER_TID, TRACE_WORK, 77, NULL);
	c = cpu_trace(u);
	assert_slice(c, "interrupt eth\"0\\", 201, 701, 1);
	assert_slice(c, "softirq NET_RX", 301, 601, 2);
	assert_slice(c, "irq_work", 401, 501, 3);
	assert_slice(c, "vCPU 1", 801, 1301, 0);
	assert_slice(c, "timer interrupt", 901, 1001, 1);
	assert_slice(c, "CPU 5", 801, 1301, 0);
	assert_slice(c, "guest", 1101, 1201, 1);
	assert_slice(c, "idle", 1301, 1401, 0);
	/* Open ones end with their block; what it is called comes later. */
	assert_slice(c, "workqueue", 1501, 11000, 1);
	assert_int_equal(chrome_slices(c, "a-thief"), 2);
	assert_string_equal(chrome_thread(c, chrome_slice(c, "idle")->tid),
			    "CPU 5");
	chrome_trace_free(c);
}

/* As on some hosts: what a CPU's idle task switches to. */
TEST(perfetto_follows_a_switch_that_was_not_recorded)
{
	struct explained_run *u = explained_new(SPAN_TIMER);
	struct chrome_trace *c;

	traced_on(&u->t, 101, OTHER_TID, TRACE_SWITCH, 0, "swapper/5");
	traced_on(&u->t, 201, 0, TRACE_LOCAL_TIMER, 0, NULL);
	traced_on(&u->t, 301, 0, TRACE_LOCAL_TIMER_EXIT, 0, NULL);
	traced_on(&u->t, 401, TID(TARGET), TRACE_KVM_VCPU_WAKEUP, 0, NULL);
	traced_on(&u->t, 501, OTHER_TID, TRACE_TICK_STOP, 0, NULL);
	c = cpu_trace(u);
	assert_slice(c, "idle", 101, 301, 0);
	assert_slice(c, "vCPU 1", 301, 501, 0);
	chrome_trace_free(c);
}

TEST(perfetto_ignores_ends_without_a_beginning)
{
	struct explained_run *u = explained_new(SPAN_TIMER);
	struct chrome_trace *c;

	traced_on(&u->t, 101, OTHER_TID, TRACE_IRQ_EXIT, 1, NULL);
	traced_on(&u->t, 201, OTHER_TID, TRACE_LOCAL_TIMER, 0, NULL);
	traced_on(&u->t, 301, OTHER_TID, TRACE_SOFTIRQ_EXIT, 1, NULL);
	traced_on(&u->t, 401, OTHER_TID, TRACE_LOCAL_TIMER_EXIT, 1, NULL);
	for (unsigned int i = 0; i < 100; i++)
		traced_on(&u->t, 501 + i, OTHER_TID, TRACE_IRQ_WORK, 0, NULL);
	c = cpu_trace(u);
	assert_slice(c, "timer interrupt", 201, 401, 1);
	assert_int_equal(chrome_slices(c, "irq_work"), 16);
	chrome_trace_free(c);
}
