/* SPDX-License-Identifier: BSD-2-Clause */
/* test_trace_dat.c - --trace-dat, by a trace-cmd of the test's own. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "vmm/host/tracefs.h"
#include "vmm/run/trace_dat.h"

#define LEN 16

/* A page has its number 16 times; there is room for two. */
struct dat_run {
	const char *path;
	unsigned int nr_pages;
};

static void run_dat(void *arg)
{
	const struct dat_run *run = arg;
	struct trace_dat *t = trace_dat_start(run->path, 2 * LEN);
	char page[LEN];

	for (unsigned int i = 0; i < run->nr_pages; i++) {
		memset(page, (int)('a' + i), sizeof(page));
		trace_pages_add(trace_dat_pages(t), 1, page, sizeof(page),
				&(struct trace_log){0}, 0);
	}
	if (!trace_dat_write(t))
		exit(3);
	trace_dat_end(t);
}

/* "-i HEAD -o OUT RAW.0 RAW.1": the second CPU's pages. */
static void make_trace_cmd(const char *dir)
{
	static const char text[] = "#!/bin/sh\n"
				   "[ \"$2\" = -c ] || cat \"$7\" >\"$5\"\n";
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/trace-cmd", dir);
	fd = open(path, O_WRONLY | O_CREAT, 0700);
	assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
	close(fd);
	snprintf(path, sizeof(path), "%s:%s", dir, getenv("PATH"));
	setenv("PATH", path, 1);
}

static void remove_all(const char *dir, const char *dat)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/trace-cmd", dir);
	unlink(path);
	unlink(dat);
	/* Nothing else was left there. */
	assert_int_equal(rmdir(dir), 0);
}

TEST(trace_dat_says_how_many_pages_had_no_room)
{
	char dir[] = "/tmp/latvisor-dat.XXXXXX", dat[PATH_MAX],
	     said[2 * LEN + 1];
	struct dat_run run = {.path = dat};
	char *old = strdup(getenv("PATH"));
	struct child c;
	int fd;

	if (tracefs_dir() < 0)
		skip();
	assert_non_null(mkdtemp(dir));
	make_trace_cmd(dir);
	snprintf(dat, sizeof(dat), "%s/t.dat", dir);
	for (run.nr_pages = 2; run.nr_pages < 5; run.nr_pages++) {
		child_run(&c, run_dat, &run);
		assert_int_equal(c.status, 0);
		fd = open(dat, O_RDONLY);
		assert_int_equal(read(fd, said, sizeof(said)), 2 * LEN);
		assert_int_equal(said[0], 'a');
		assert_int_equal(said[2 * LEN - 1], 'b');
		close(fd);
		if (run.nr_pages == 2)
			assert_string_equal(c.err, "");
		else if (run.nr_pages == 3)
			assert_has(
				c.err,
				"t.dat lacks the last 1 page of events: it "
				"has 2 of them at most, run it for a shorter "
				"time\n");
		else
			assert_has(c.err, "lacks the last 2 pages of events");
	}
	setenv("PATH", old, 1);
	free(old);
	remove_all(dir, dat);
}
