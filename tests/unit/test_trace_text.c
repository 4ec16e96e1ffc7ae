/* SPDX-License-Identifier: BSD-2-Clause */
/* test_trace_text.c - events as text, written and read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/traced.h"
#include "tests/unit/unit.h"

/* What it writes; to be freed. */
static char *written(const struct trace_log *log)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	trace_log_write(log, f);
	assert_int_equal(fclose(f), 0);
	return text;
}

static const char *read_bytes(struct trace_log *log, const void *bytes,
			      size_t len, unsigned int *line)
{
	FILE *f = fmemopen((void *)(uintptr_t)bytes, len, "r");
	const char *wrong;

	assert_non_null(f);
	wrong = trace_log_read(log, f, line);
	fclose(f);
	return wrong;
}

/* Of each kind, with numbers of any size. */
static void fill(struct trace_log *log, struct rng *rng)
{
	static const char *const texts[] = {NULL, "a b", " x ", "nvme0q1"};

	for (unsigned int i = 0; i < NR_TRACE_KINDS; i++)
		trace_log_add(log,
			      EVENT(i * 1000ull << 34, (uint16_t)rng_next(rng),
				    (int32_t)rng_next(rng), (uint8_t)i,
				    .a = rng_next(rng), .b = UINT64_MAX - i,
				    .c = rng_next(rng)),
			      texts[rng_below(rng, 4)], TRACE_TEXT_LEN);
}

TEST(trace_log_is_read_as_it_was_written)
{
	struct rng rng = {.state = 8};

	for (unsigned int i = 0; i < 50; i++) {
		struct trace_log log = {0}, again = {0};
		char *text, *text_again;
		unsigned int line;

		fill(&log, &rng);
		text = written(&log);
		assert_null(read_bytes(&again, text, strlen(text), &line));
		assert_int_equal(line, NR_TRACE_KINDS + 1);
		assert_int_equal(again.nr, NR_TRACE_KINDS);
		for (size_t k = 0; k < again.nr; k++) {
			assert_int_equal(again.events[k].tsc,
					 log.events[k].tsc);
			assert_int_equal(again.events[k].kind, k);
			assert_int_equal(again.events[k].c, log.events[k].c);
		}
		text_again = written(&again);
		assert_string_equal(text, text_again);
		free(text);
		free(text_again);
		trace_log_free(&log);
		trace_log_free(&again);
	}
}

TEST(trace_log_as_text_is_what_the_header_says)
{
	static const char file[] = "9 1 -3 sched_switch 7 1 120 bash\n"
				   "5 2 0 local_timer_entry 0 0 0 \n";
	struct trace_log log = {0};
	unsigned int line;
	char *text;

	assert_null(read_bytes(&log, file, strlen(file), &line));
	assert_int_equal(log.events[0].kind, TRACE_LOCAL_TIMER);
	assert_int_equal(log.events[1].tid, -3);
	assert_int_equal(log.events[1].a, 7);
	assert_int_equal(log.events[1].b, 1);
	assert_int_equal(log.events[1].c, 120);
	text = written(&log);
	assert_string_equal(text, "5 2 0 local_timer_entry 0 0 0 \n"
				  "9 1 -3 sched_switch 7 1 120 bash\n");
	free(text);
	trace_log_free(&log);
}

TEST(trace_log_refuses_lines_that_are_none)
{
	static const struct {
		const char *text, *why;
		unsigned int line;
	} bad[] = {
		{"\n", "it wants TSC", 1},
		{"1 2 3 kvm_exit 4 5 6 x\nabc\n", "it wants TSC", 2},
		{"1 2 3 kvm_exit 4\n", "it wants TSC", 1},
		{"1 2 3 kvm_exit 4 5\n", "it wants TSC", 1},
		{"1 2 3 kvm_exit 4 5 \n", "it wants TSC", 1},
		{"1 2 3 kvm_exit 4 5 bash\n", "it wants TSC", 1},
		{"1 2 3 kvm_exit 4 b 6\n", "it wants TSC", 1},
		{"1 2 3 kvm_exit 4 5 6x\n", "it wants TSC", 1},
		{"1 2 3 kvm_exit 4 123456789012345678901 6\n", "it w", 1},
		{"1 2 3 kvm_exit 4 5 123456789012345678901\n", "it w", 1},
		{"1 2 3 kvm_exit 4 5 6 x\n\n1 2 3 kvm_exit 4 5 6 x\n", "it w",
		 2},
		{"1 2 3 kvm_exi 4 5 6\n", "no such event", 1},
		{"1 2 3 kvm_exit 4 5 6 \n1 2 3 kvm_exits 4 5 6 \n", "no such",
		 2},
		{"1 2 3 kvm_exit 4 5 6 x", "too long, or does not end", 1},
		{"1 2 3 kvm_exit 4 5 6 \n7", "too long, or does not end", 2},
	};
	char line_of[300];

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct trace_log log = {0};
		unsigned int line = 99;
		const char *why = read_bytes(&log, bad[i].text,
					     strlen(bad[i].text), &line);

		assert_non_null(why);
		assert_has(why, bad[i].why);
		assert_int_equal(line, bad[i].line);
		assert_int_equal(log.nr, line - 1);
		trace_log_free(&log);
	}
	/* As long as it may be, with its newline, and longer. */
	for (int len = 255; len < 257; len++) {
		struct trace_log log = {0};
		unsigned int line;

		memset(line_of, 'x', sizeof(line_of));
		memcpy(line_of, "1 2 3 kvm_exit 4 5 6 ", 21);
		line_of[len - 1] = '\n';
		assert_int_equal(!read_bytes(&log, line_of, (size_t)len, &line),
				 len == 255);
		trace_log_free(&log);
	}
}

TEST(trace_log_survives_any_lines)
{
	struct rng rng = {.state = 31};
	unsigned int good = 0;

	for (unsigned int i = 0; i < 2000; i++) {
		static const char start[] = "12 3 -4 kvm_exit 5 6 7 text\n";
		char bytes[600];
		size_t len = 1 + rng_below(&rng, sizeof(bytes));
		struct trace_log log = {0};
		unsigned int line;

		for (size_t k = 0; k < len; k++)
			bytes[k] = start[k % (sizeof(start) - 1)];
		for (uint64_t k = rng_below(&rng, 4); k > 0; k--)
			bytes[rng_below(&rng, len)] = (char)rng_next(&rng);
		if (i % 4 == 0)
			for (size_t k = 0; k < len; k++)
				bytes[k] = (char)rng_next(&rng);
		good += !read_bytes(&log, bytes, len, &line);
		assert_in_range(line, 1, len + 1);
		trace_log_free(&log);
	}
	assert_true(good > 0 && good < 2000);
}
