/* SPDX-License-Identifier: BSD-2-Clause */
/* test_recording.c - the file of --events: all that explains samples again. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/replayed.h"
#include "tests/unit/unit.h"
#include "vmm/result/explain_pool.h"

static struct replayed *made(struct explained_run *u)
{
	const uint64_t took[STAGES_MAX] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
	struct replayed *p;

	for (unsigned int i = 0; i < 20; i++)
		explained_sample(u, took, i % 5 == 0 ? 1u << 5 : 0);
	explained_plain(u, -5);
	traced_on(&u->t, 40, OTHER_TID, TRACE_IRQ, 7, "eth 0");
	p = replay_made(u);
	p->r->host.realtime = true;
	p->r->trace.lacks = 1u << TRACE_KVM_MSI | 1u << TRACE_KVM_EXIT;
	p->earlier[0] = (struct span_thread){.tid = TID(1), .vcpu = 1};
	p->earlier[1] = (struct span_thread){.tid = 777, .vcpu = 2};
	p->r->host.earlier = p->earlier;
	p->r->host.nr_earlier = 2;
	strcpy(p->r->kernel, "6.1 #1 SMP");
	strcpy(p->r->kvm_module, "kvm_intel");
	return p;
}

static struct replayed *again(const char *text)
{
	return replay_read(
		fmemopen((void *)(uintptr_t)text, strlen(text), "r"));
}

TEST(recording_is_the_same_when_it_is_read_and_written_again)
{
	struct explained_run *u = explained_new(SPAN_IPI);
	struct replayed *p = made(u), *q;
	char *text, *other;

	blocks_begin(&p->blocks, 900000, false);
	blocks_end(&p->blocks, 910000);
	blocks_begin(&p->blocks, 920000, true);
	blocks_end(&p->blocks, 930000);
	blocks_lost(&p->blocks);
	text = replay_text(p->r);
	q = again(text);
	other = replay_text(q->r);
	assert_string_equal(text, other);
	/* The one between them is of no use to a reader. */
	assert_int_equal(q->blocks.nr, 2);
	assert_true(q->blocks.list[1].lossy);
	assert_int_equal(q->r->host.nr_vcpus, TRACED_VCPUS);
	assert_int_equal(q->r->host.main_tid, MAIN_TID);
	assert_true(q->r->host.realtime);
	/* Who is a vCPU now is no earlier one. */
	assert_int_equal(q->r->host.nr_earlier, 1);
	assert_int_equal(q->earlier[0].tid, 777);
	assert_int_equal(q->r->trace.lacks, p->r->trace.lacks);
	assert_int_equal(q->r->metrics[0].nr, 21);
	assert_int_equal(q->log.nr, p->log.nr);
	free(text);
	free(other);
	replay_free(p);
	replay_free(q);
	explained_free(u);
}

TEST(recording_explains_the_same_samples_again)
{
	struct explained_run *u = explained_new(SPAN_IPI);
	struct replayed *p = made(u), *q;
	struct explain *x = replay_explain(p, 0), *y;
	char *text = replay_text(p->r);

	q = again(text);
	y = replay_explain(q, 0);
	assert_int_equal(x->nr_classes, 1);
	explain_free(x);
	explain_free(y);
	assert_memory_equal(x, y, sizeof(*x));
	free(text);
	free(x);
	free(y);
	replay_free(p);
	replay_free(q);
	explained_free(u);
}

TEST(recording_says_what_a_tick_is)
{
	struct explained_run *u = explained_new(SPAN_TIMER);
	struct replayed *p = replay_made(u);
	char *text = replay_text(p->r);

	assert_has(text, "\nunit ns\n");
	free(text);
	p->r->ticks = (struct ticks){.insns = true, .step = 5};
	text = replay_text(p->r);
	assert_has(text, "\nunit instructions\n");
	free(text);
	replay_free(p);
	explained_free(u);
}

TEST(recording_keeps_samples_in_order_and_cuts_no_early_one)
{
	struct explained_run *u = explained_new(SPAN_TIMER);
	struct raw_entry last;
	struct replayed *p;
	struct span span;

	explained_plain(u, 7);
	explained_plain(u, -3);
	explained_plain(u, 0);
	last = u->samples[2];
	u->samples[2] = u->samples[0];
	u->samples[0] = last;
	p = replay_made(u);
	for (unsigned int i = 1; i < 3; i++)
		assert_true(p->r->metrics[0].samples[i - 1].tsc <
			    p->r->metrics[0].samples[i].tsc);
	assert_true(recorded_span(&p->r->metrics[0], 0, &span));
	assert_int_equal(span.end - span.begin, 7);
	assert_int_equal(span.kind, SPAN_TIMER);
	assert_int_equal(span.vcpu, TARGET);
	assert_false(recorded_span(&p->r->metrics[0], 1, &span));
	assert_false(recorded_span(&p->r->metrics[0], 2, &span));
	replay_free(p);
	explained_free(u);
}

TEST(recording_that_cannot_be_written_says_so)
{
	struct explained_run *u = explained_new(SPAN_TIMER);
	struct replayed *p = replay_made(u);
	FILE *full = fopen("/dev/full", "w");

	assert_non_null(full);
	setvbuf(full, NULL, _IONBF, 0);
	assert_false(recording_write(p->r, full));
	fclose(full);
	replay_free(p);
	explained_free(u);
}
