/* SPDX-License-Identifier: BSD-2-Clause */
/* test_perfetto_shown.c - --perfetto: which blocks have room, which samples lie
 * beside each other. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/chrome_trace.h"
#include "tests/unit/unit.h"
#include "vmm/report/perfetto.h"
#include "vmm/report/perfetto_parts.h"

#define BLOCK 100000u /* ticks, from the multiples of it on */

/* A sample in each of nr blocks, nr_events events in each. */
static struct replayed *in_blocks(unsigned int nr, unsigned int nr_events)
{
	struct explained_run *u = explained_new(SPAN_TIMER);
	struct replayed *p;

	for (unsigned int i = 1; i <= nr; i++) {
		u->next = i * BLOCK + 10;
		explained_plain(u, 100 + i % 7);
		for (unsigned int k = 0; k < nr_events; k++)
			traced_on(&u->t, i * BLOCK + 500 + k, OTHER_TID,
				  TRACE_TICK_STOP, 0, NULL);
	}
	p = replay_made(u);
	p->blocks.nr = 0;
	for (unsigned int i = 1; i <= nr; i++) {
		blocks_begin(&p->blocks, i * BLOCK, true);
		blocks_end(&p->blocks, i * BLOCK + BLOCK / 2);
		blocks_begin(&p->blocks, i * BLOCK + BLOCK / 2 + 1, false);
		blocks_end(&p->blocks, i * BLOCK + BLOCK - 1);
	}
	explained_free(u);
	return p;
}

TEST(perfetto_shows_all_that_has_room)
{
	struct replayed *p = in_blocks(30, 9);
	struct shown *s = shown_choose(p->r, 300);

	assert_int_equal(s->nr_blocks, 30);
	assert_int_equal(s->of_blocks, 30);
	assert_int_equal(s->nr_samples, 30);
	assert_int_equal(s->metrics[0].nr, 30);
	for (unsigned int i = 0; i < 60; i++)
		assert_int_equal(s->block[i], i % 2 == 0);
	for (unsigned int i = 1; i < 30; i++)
		assert_true(s->metrics[0].samples[i - 1].span.begin <
			    s->metrics[0].samples[i].span.begin);
	shown_free(s);
	replay_free(p);
}

TEST(perfetto_shows_the_worst_without_room_and_then_the_first)
{
	struct replayed *p = in_blocks(30, 9);
	struct shown *s = shown_choose(p->r, 0);

	assert_int_equal(s->nr_blocks, EXPLAIN_WORST);
	assert_int_equal(s->nr_samples, EXPLAIN_WORST);
	assert_int_equal(s->of_samples, 30);
	for (unsigned int i = 0; i < EXPLAIN_WORST; i++)
		assert_true(s->metrics[0].samples[i].worst != 0);
	shown_free(s);
	/* Room for two more. */
	s = shown_choose(p->r, (EXPLAIN_WORST + 2) * 10 + 9);
	assert_int_equal(s->nr_blocks, EXPLAIN_WORST + 2);
	shown_free(s);
	s = shown_choose(p->r, 299);
	assert_int_equal(s->nr_blocks, 29);
	assert_false(s->block[2 * 29]);
	shown_free(s);
	replay_free(p);
}

TEST(perfetto_shows_no_block_that_lost_events)
{
	struct replayed *p = in_blocks(3, 9);
	struct shown *s;

	p->blocks.list[2].lossy = true;
	p->blocks.list[4].end = p->blocks.list[4].begin;
	s = shown_choose(p->r, 1000);
	assert_int_equal(s->nr_blocks, 1);
	assert_int_equal(s->of_blocks, 1);
	assert_true(s->block[0]);
	assert_int_equal(s->nr_samples, 1);
	shown_free(s);
	replay_free(p);
}

TEST(perfetto_of_nothing_is_whole)
{
	struct explained_run *u = explained_new(SPAN_TIMER);
	struct replayed *p = replay_made(u);
	struct chrome_trace *c = chrome_trace_of(p->r);

	assert_int_equal(c->nr, 1); /* the block */
	chrome_trace_free(c);
	p->blocks.nr = 0;
	c = chrome_trace_of(p->r);
	assert_int_equal(c->nr, 0);
	chrome_trace_free(c);
	replay_free(p);
	explained_free(u);
}

/* nr samples that all overlap, the worst of which begin last. */
static struct chrome_trace *at_once(unsigned int nr)
{
	struct explained_run *u = explained_new(SPAN_TIMER);
	struct chrome_trace *c;
	struct replayed *p;

	for (unsigned int i = 0; i < nr; i++) {
		bool worst = i < EXPLAIN_WORST;

		u->samples[u->nr++] = (struct raw_entry){
			.tsc = worst ? 60000 : 45000,
			.value = (worst ? 16000 : 1000) + (int)i};
	}
	u->next = 70000;
	p = replay_made(u);
	c = chrome_trace_of(p->r);
	replay_free(p);
	explained_free(u);
	return c;
}

TEST(perfetto_has_samples_that_overlap_beside_each_other)
{
	struct chrome_trace *c = at_once(20);

	assert_int_equal(chrome_slices(c, "running"), 20 - EXPLAIN_WORST);
	assert_string_equal(chrome_thread(c, TID_SAMPLES),
			    "vCPU 1 samples: made");
	assert_string_equal(chrome_thread(c, TID_SAMPLES + 19),
			    "vCPU 1 samples: made (20)");
	chrome_trace_free(c);
	/* The worst have a place when the others have not. */
	c = at_once(100);
	assert_int_equal(chrome_slices(c, "running"), 48);
	for (unsigned int i = 1; i <= EXPLAIN_WORST; i++) {
		char name[32];

		snprintf(name, sizeof(name), "running, worst %u", i);
		chrome_slice(c, name);
	}
	assert_has(c->text, "\"samples\":{\"shown\":64,\"recorded\":100}");
	chrome_trace_free(c);
}

TEST(perfetto_that_cannot_be_written_says_so)
{
	struct replayed *p = in_blocks(3, 9);
	FILE *full = fopen("/dev/full", "w");

	assert_non_null(full);
	setvbuf(full, NULL, _IONBF, 0);
	assert_false(perfetto_write(p->r, full));
	fclose(full);
	replay_free(p);
}

/* Any events at all, of any threads and CPUs. */
TEST(perfetto_of_any_events_is_well_formed)
{
	static const int32_t tids[] = {0,	 TID(0),    TID(1), TID(2),
				       MAIN_TID, OTHER_TID, -7,	    INT32_MAX};
	struct rng rng = {.state = 99};

	for (unsigned int round = 0; round < 60; round++) {
		struct explained_run *u =
			explained_new((enum span_kind)(round % NR_SPAN_KINDS));
		struct replayed *p;

		for (unsigned int i = 0; i < 200; i++)
			traced_add(
				&u->t,
				EVENT(20000 + rng_below(&rng, 2000),
				      (uint16_t)CPU(rng_below(&rng, 3)),
				      tids[rng_below(&rng, 8)],
				      (uint8_t)rng_below(&rng, NR_TRACE_KINDS),
				      .a = (uint64_t)tids[rng_below(&rng, 8)]),
				rng_below(&rng, 2) ? "a \"name\"" : NULL);
		for (unsigned int i = 0; i < 20; i++)
			u->samples[u->nr++] = (struct raw_entry){
				.tsc = 21000 + rng_below(&rng, 1000),
				.value = (int64_t)rng_below(&rng, 1000)};
		u->next = 21500; /* and the block's end is 22500 */
		p = replay_made(u);
		chrome_trace_free(chrome_trace_of(p->r));
		replay_free(p);
		explained_free(u);
	}
}
