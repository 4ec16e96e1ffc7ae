/* SPDX-License-Identifier: BSD-2-Clause */
/* test_trace_pages.c - the pages of a trace that are kept for others. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "vmm/host/trace_pages.h"

#define LEN	 64 /* of a page */
#define MOST_CPU 4

/* A page that says its number, with events at begin and end. */
static void add(struct trace_pages *p, unsigned int cpu, char number,
		uint64_t begin, uint64_t end)
{
	struct trace_log log = {0};
	char page[LEN];

	memset(page, number, sizeof(page));
	/* Of another page. */
	trace_log_add(&log, &(struct trace_event){.tsc = 0}, NULL, 0);
	trace_log_add(&log, &(struct trace_event){.tsc = begin}, NULL, 0);
	trace_log_add(&log, &(struct trace_event){.tsc = end}, NULL, 0);
	trace_pages_add(p, cpu, page, sizeof(page), &log, 1);
	trace_log_free(&log);
}

static int split(struct trace_pages *p, int *files)
{
	struct trace_pages_sum sum;

	assert_int_equal(trace_pages_end(p, &sum), 0);
	return trace_pages_split(trace_pages_fd(p), &sum, "/dev/null", files,
				 MOST_CPU);
}

/* numbers: of all pages in it; closes. */
static void must_have(int file, const char *numbers)
{
	char data[8 * LEN];
	ssize_t len = pread(file, data, sizeof(data), 0);

	assert_int_equal(len, strlen(numbers) * LEN);
	for (ssize_t i = 0; i < len; i++)
		assert_int_equal(data[i], numbers[i / LEN]);
	close(file);
}

TEST(pages_are_told_apart_by_cpu_and_stay_in_order)
{
	struct trace_pages *p = trace_pages_new(16 * LEN);
	int files[MOST_CPU];

	add(p, 2, 'a', 1, 2);
	add(p, 0, 'b', 3, 4);
	add(p, 2, 'c', 5, 6);
	assert_int_equal(split(p, files), 3);
	must_have(files[2], "ac");
	must_have(files[0], "b");
	assert_int_equal(files[1], -1);
	assert_int_equal(files[3], -1);
	assert_int_equal(trace_pages_lost(p), 0);
	trace_pages_free(p);
}

TEST(pages_beyond_the_room_are_counted)
{
	struct trace_pages *p = trace_pages_new(2 * LEN);
	int files[MOST_CPU];

	for (char c = 'a'; c < 'f'; c++)
		add(p, 0, c, 1, 2);
	assert_int_equal(trace_pages_lost(p), 3);
	assert_int_equal(split(p, files), 1);
	must_have(files[0], "ab");
	trace_pages_free(p);
}

TEST(pages_that_are_forgotten_make_room)
{
	const struct trace_span span = {.begin = 20, .end = 30};
	struct trace_pages *p = trace_pages_new(5 * LEN);
	int files[MOST_CPU];

	add(p, 0, 'a', 10, 19);
	add(p, 0, 'b', 10, 20);
	add(p, 0, 'c', 30, 40);
	add(p, 0, 'd', 31, 99);
	add(p, 0, 'e', 31, 100);
	trace_pages_forget(p, 100, &span, 1);
	add(p, 0, 'f', 100, 110);
	add(p, 0, 'g', 100, 110);
	assert_int_equal(trace_pages_lost(p), 0);
	assert_int_equal(split(p, files), 1);
	must_have(files[0], "bcefg");
	trace_pages_free(p);
}

/* Where the log has no room the time of a page is not known. */
TEST(pages_of_any_time_are_not_forgotten)
{
	const struct trace_log full = {.nr = 7};
	struct trace_pages *p = trace_pages_new(2 * LEN);
	int files[MOST_CPU];
	char page[LEN];

	memset(page, 'x', sizeof(page));
	trace_pages_add(p, 1, page, sizeof(page), &full, 7);
	trace_pages_forget(p, 1000, NULL, 0);
	assert_int_equal(split(p, files), 2);
	must_have(files[1], "x");
	trace_pages_free(p);
}

static int split_as(const struct trace_pages *p, uint64_t nr, uint64_t page_len,
		    uint64_t index)
{
	const struct trace_pages_sum sum = {nr, page_len, index};
	int files[MOST_CPU];
	int got = trace_pages_split(trace_pages_fd(p), &sum, "/dev/null", files,
				    MOST_CPU);

	for (int i = 0; i < MOST_CPU; i++)
		if (files[i] >= 0)
			close(files[i]);
	return got;
}

TEST(pages_split_believes_nothing)
{
	struct trace_pages *p = trace_pages_new(16 * LEN);
	struct trace_pages_sum sum;

	add(p, 3, 'a', 1, 2);
	assert_int_equal(trace_pages_end(p, &sum), 0);
	assert_int_equal(split_as(p, 1, LEN, sum.index), 4);
	assert_int_equal(split_as(p, 2, LEN, sum.index), -EINVAL);
	assert_int_equal(split_as(p, 1, LEN, UINT64_MAX), -EINVAL);
	assert_int_equal(split_as(p, 1, UINT64_MAX, sum.index), -EINVAL);
	assert_int_equal(split_as(p, UINT64_MAX, LEN, sum.index), -EINVAL);
	/* The page's text is a list: a CPU that is far beyond all. */
	assert_int_equal(split_as(p, 1, LEN, 0), -EINVAL);
	trace_pages_free(p);
	p = trace_pages_new(16 * LEN);
	add(p, MOST_CPU, 'a', 1, 2);
	assert_int_equal(trace_pages_end(p, &sum), 0);
	assert_int_equal(split_as(p, 1, LEN, sum.index), -EINVAL);
	trace_pages_free(p);
}

TEST(pages_of_nobody_are_no_error)
{
	trace_pages_add(NULL, 0, "", 1, &(struct trace_log){0}, 0);
	trace_pages_forget(NULL, 0, NULL, 0);
	trace_pages_free(NULL);
}
