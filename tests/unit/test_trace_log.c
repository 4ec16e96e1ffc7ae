/* SPDX-License-Identifier: BSD-2-Clause */
/* test_trace_log.c - events in memory. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/explained.h"
#include "tests/unit/unit.h"

static void add(struct trace_log *log, const struct trace_event *e,
		const char *text)
{
	trace_log_add(log, e, text, text ? strlen(text) : 0);
}

static const char *text_of(const struct trace_log *log, size_t i)
{
	return trace_log_text(log, log->events[i].text);
}

TEST(trace_log_counts_what_has_no_room)
{
	struct trace_log log = {.most = 3};

	for (unsigned int i = 0; i < 5; i++)
		add(&log, EVENT(i, 0, 0, i < 3 ? TRACE_IRQ : TRACE_WORK), "x");
	assert_int_equal(log.nr, 3);
	assert_int_equal(log.dropped, 2);
	assert_int_equal(log.events[2].tsc, 2);
	trace_log_free(&log);
	assert_null(log.events);
	assert_int_equal(log.nr + log.dropped + log.most, 0);
	/* Beyond the first room, which is 4096. */
	log.most = 5000;
	for (unsigned int i = 0; i < 5001; i++)
		add(&log, EVENT(i, 0, 0, TRACE_IRQ), NULL);
	assert_int_equal(log.nr, 5000);
	assert_int_equal(log.dropped, 1);
	for (unsigned int i = 0; i < 5000; i++)
		assert_int_equal(log.events[i].tsc, i);
	trace_log_free(&log);
}

TEST(trace_log_keeps_each_text_once)
{
	struct trace_log log = {0};

	add(&log, EVENT(1, 0, 0, TRACE_IRQ), "eth0");
	add(&log, EVENT(2, 0, 0, TRACE_IRQ), "eth1");
	add(&log, EVENT(3, 0, 0, TRACE_IRQ), "eth0");
	add(&log, EVENT(4, 0, 0, TRACE_IRQ, .text = 77), NULL);
	add(&log, EVENT(5, 0, 0, TRACE_IRQ), "");
	trace_log_add(&log, EVENT(6, 0, 0, TRACE_IRQ), "eth01", 4);
	assert_int_equal(log.events[0].text, log.events[2].text);
	assert_int_equal(log.events[0].text, log.events[5].text);
	assert_int_equal(log.events[3].text, 0);
	assert_int_equal(log.events[4].text, 0);
	assert_string_equal(text_of(&log, 1), "eth1");
	assert_string_equal(text_of(&log, 2), "eth0");
	assert_string_equal(text_of(&log, 3), "");
	assert_int_equal(log.nr_texts, 3);
	assert_string_equal(trace_log_text(&log, 3), "");
	assert_string_equal(trace_log_text(&log, UINT32_MAX), "");
	trace_log_free(&log);
	assert_string_equal(trace_log_text(&log, 0), "");
}

TEST(trace_log_text_can_be_shown)
{
	struct trace_log log = {0};
	char longest[41];

	memset(longest, 'l', 40);
	longest[40] = '\0';
	add(&log, EVENT(1, 0, 0, TRACE_IRQ), "a\033[1mb\n\x80~");
	add(&log, EVENT(2, 0, 0, TRACE_IRQ), longest);
	assert_string_equal(text_of(&log, 0), "a?[1mb??~");
	assert_int_equal(strlen(text_of(&log, 1)), TRACE_TEXT_LEN - 1);
	trace_log_free(&log);
}

TEST(trace_log_has_so_many_texts_and_no_more)
{
	struct trace_log log = {0};
	char text[16];

	for (unsigned int i = 0; i < TRACE_MAX_TEXTS + 2; i++) {
		snprintf(text, sizeof(text), "t%u", i);
		add(&log, EVENT(i, 0, 0, TRACE_IRQ), text);
	}
	assert_int_equal(log.nr_texts, TRACE_MAX_TEXTS);
	/* Text 0 is the empty one. */
	assert_string_equal(text_of(&log, TRACE_MAX_TEXTS - 2), "t4094");
	assert_string_equal(text_of(&log, TRACE_MAX_TEXTS - 1), "");
	add(&log, EVENT(0, 0, 0, TRACE_IRQ), "t4094");
	assert_string_equal(text_of(&log, log.nr - 1), "t4094");
	trace_log_free(&log);
}

TEST(trace_log_sorts_and_keeps_the_order_of_what_is_at_once)
{
	struct rng rng = {.state = 5};

	for (unsigned int nr = 0; nr < 200; nr++) {
		struct trace_log log = {0};
		uint64_t sum = 0;

		for (unsigned int i = 0; i < nr; i++) {
			uint64_t tsc = rng_below(&rng, 20);

			add(&log, EVENT(tsc, 0, 0, TRACE_IRQ, .a = i), NULL);
			sum += tsc;
		}
		trace_log_sort(&log);
		assert_int_equal(log.nr, nr);
		for (unsigned int i = 0; i < nr; i++) {
			const struct trace_event *e = &log.events[i];

			sum -= e->tsc;
			assert_true(i == 0 || e[-1].tsc < e->tsc ||
				    (e[-1].tsc == e->tsc && e[-1].a < e->a));
		}
		assert_int_equal(sum, 0);
		for (uint64_t tsc = 0; tsc < 22; tsc++) {
			size_t at = trace_log_find(&log, tsc);

			assert_true(at == nr || log.events[at].tsc >= tsc);
			assert_true(at == 0 || log.events[at - 1].tsc < tsc);
		}
		trace_log_free(&log);
	}
}

TEST(trace_log_names_a_thread_by_what_was_said_last)
{
	struct trace_log log = {0};

	add(&log, EVENT(0, 0, 0, TRACE_IRQ, .a = 7), "irq7");
	add(&log, EVENT(1, 0, 0, TRACE_SWITCH, .a = 7), NULL);
	add(&log, EVENT(2, 0, 0, TRACE_SWITCH, .a = 7), "old");
	add(&log, EVENT(3, 0, 7, TRACE_WAKING, .a = 8), "eight");
	add(&log, EVENT(4, 0, 0, TRACE_WAKEUP, .a = 7), "new");
	assert_string_equal(trace_log_comm(&log, 7, 5), "new");
	assert_string_equal(trace_log_comm(&log, 7, 99), "new");
	assert_string_equal(trace_log_comm(&log, 7, 4), "old");
	assert_string_equal(trace_log_comm(&log, 7, 3), "old");
	/* None before: the next one. */
	assert_string_equal(trace_log_comm(&log, 7, 2), "old");
	assert_string_equal(trace_log_comm(&log, 7, 0), "old");
	assert_string_equal(trace_log_comm(&log, 8, 0), "eight");
	assert_string_equal(trace_log_comm(&log, 8, 4), "eight");
	assert_string_equal(trace_log_comm(&log, 9, 2), "");
	assert_string_equal(trace_log_comm(&log, 0, 5), "idle");
	trace_log_free(&log);
}
