/* SPDX-License-Identifier: BSD-2-Clause */
/* test_trace_watch.c - what is kept of a trace until a sample is too long. */
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "vmm/run/trace_watch.h"

#define LOOK 20000ull /* cycles between two looks */

/* A run: an event at each moment, looked at again and again. */
struct watched {
	struct trace_watch w;
	struct trace_log log;
	struct blocks blocks;
	uint64_t now, lost;
};

static void go_on(struct watched *x, unsigned int looks, unsigned int events,
		  unsigned int nr_breaks)
{
	for (unsigned int i = 0; i < looks; i++) {
		size_t before = x->log.nr;

		for (unsigned int k = 1; k <= events; k++)
			trace_log_add(&x->log,
				      &(struct trace_event){
					      .tsc = x->now +
						     k * LOOK / (events + 1)},
				      NULL, 0);
		trace_pages_add(x->w.pages, 0, &x->now, sizeof(x->now), &x->log,
				before);
		x->now += LOOK;
		trace_watch_look(&x->w, &x->log, &x->blocks, x->now, x->lost,
				 nr_breaks);
	}
}

static void watched_free(struct watched *x)
{
	trace_log_free(&x->log);
	blocks_free(&x->blocks);
}

static void must_be_block(const struct watched *x, size_t i, uint64_t begin,
			  uint64_t end)
{
	assert_true(i < x->blocks.nr);
	assert_true(x->blocks.list[i].traced);
	assert_false(x->blocks.list[i].lossy);
	assert_int_equal(x->blocks.list[i].begin, begin);
	assert_int_equal(x->blocks.list[i].end, end);
}

TEST(watch_keeps_the_last_moments)
{
	struct watched x = {.now = 0};

	go_on(&x, 100, 1, 0);
	assert_int_equal(x.blocks.nr, 0);
	trace_watch_end(&x.w, &x.blocks, x.now);
	assert_int_equal(x.blocks.nr, 1);
	must_be_block(&x, 0, (100 - WATCH_LOOKS + 1) * LOOK, 100 * LOOK);
	watched_free(&x);
}

/* Before the first look there may have been anything. */
TEST(watch_of_a_short_run_has_all_of_it)
{
	struct watched x = {.now = 0};

	go_on(&x, 3, 1, 0);
	trace_watch_end(&x.w, &x.blocks, x.now);
	must_be_block(&x, 0, LOOK, 3 * LOOK);
	watched_free(&x);
	x = (struct watched){.now = 0};
	trace_watch_end(&x.w, &x.blocks, x.now);
	assert_int_equal(x.blocks.nr, 0);
}

TEST(watch_keeps_what_was_before_each_sample)
{
	struct watched x = {.now = 0};

	go_on(&x, 50, 1, 0);
	go_on(&x, 1, 1, 1); /* at its 51st */
	go_on(&x, 49, 1, 1);
	go_on(&x, 1, 1, 3); /* two at its 101st */
	go_on(&x, 5, 1, 3);
	trace_watch_end(&x.w, &x.blocks, x.now);
	assert_int_equal(x.blocks.nr, 2);
	must_be_block(&x, 0, (50 - WATCH_LOOKS + 1) * LOOK, 51 * LOOK);
	/* The end is not far behind: one with it. */
	must_be_block(&x, 1, (100 - WATCH_LOOKS + 1) * LOOK, 106 * LOOK);
	watched_free(&x);
}

/* Which were lost is not known: nothing before is whole. */
TEST(watch_begins_anew_where_events_are_lost)
{
	struct watched x = {.now = 0};

	go_on(&x, 50, 1, 0);
	x.lost = 1;
	go_on(&x, 1, 1, 0);
	go_on(&x, 2, 1, 0);
	go_on(&x, 1, 1, 1);
	must_be_block(&x, 0, 51 * LOOK, 54 * LOOK);
	watched_free(&x);
	/* At the very look that sees the sample: nothing of it is whole. */
	x = (struct watched){.now = 0};
	go_on(&x, 50, 1, 0);
	x.lost = 7;
	go_on(&x, 1, 1, 1);
	must_be_block(&x, 0, 51 * LOOK, 51 * LOOK);
	watched_free(&x);
}

/* However long it takes, and what is kept is whole. */
TEST(watch_takes_no_more_memory_with_time)
{
	struct watched x = {.now = 0};
	size_t most = 0, in[2] = {0, 0};

	go_on(&x, 20, 10000, 0);
	go_on(&x, 1, 10000, 1);
	for (unsigned int i = 0; i < 200; i++) {
		go_on(&x, 1, 10000, 1);
		if (x.log.nr > most)
			most = x.log.nr;
	}
	trace_watch_end(&x.w, &x.blocks, x.now);
	assert_true(most < 600000);
	assert_int_equal(x.log.dropped, 0);
	assert_int_equal(x.blocks.nr, 2);
	for (size_t i = 0; i < x.log.nr; i++)
		for (unsigned int k = 0; k < 2; k++)
			in[k] +=
				x.log.events[i].tsc >= x.blocks.list[k].begin &&
				x.log.events[i].tsc <= x.blocks.list[k].end;
	for (unsigned int k = 0; k < 2; k++)
		assert_true(in[k] / 10000 ==
			    (x.blocks.list[k].end - x.blocks.list[k].begin) /
				    LOOK);
	watched_free(&x);
}

/* A page of each look, which says when that began. */
TEST(watch_keeps_the_pages_of_what_it_keeps)
{
	struct watched x = {.now = 0};
	/* Those of some looks more, not of all. */
	struct trace_pages *pages = trace_pages_new(40 * sizeof(x.now));
	struct trace_pages_sum sum;
	uint64_t begin[2] = {(50 - WATCH_LOOKS + 1) * LOOK,
			     (300 - WATCH_LOOKS + 1) * LOOK};
	uint64_t end[2] = {51 * LOOK, 300 * LOOK};
	off_t place = 0;
	int file;

	x.w.pages = pages;
	go_on(&x, 50, 1, 0);
	go_on(&x, 249, 1, 1);
	go_on(&x, 1, 1, 1);
	assert_int_equal(trace_pages_lost(pages), 0);
	trace_watch_end(&x.w, &x.blocks, x.now);
	assert_int_equal(trace_pages_end(pages, &sum), 0);
	assert_int_equal(trace_pages_split(trace_pages_fd(pages), &sum,
					   "/dev/null", &file, 1),
			 1);
	for (unsigned int i = 0; i < 2; i++) {
		must_be_block(&x, i, begin[i], end[i]);
		for (uint64_t at = begin[i], got; at < end[i]; at += LOOK) {
			assert_int_equal(pread(file, &got, sizeof(got), place),
					 sizeof(got));
			place += (off_t)sizeof(got);
			assert_int_equal(got, at);
		}
	}
	close(file);
	trace_pages_free(pages);
	watched_free(&x);
}
