/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_dat.c - see trace_dat.h. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/atomic_file.h"
#include "vmm/base/die.h"
#include "vmm/base/nameless.h"
#include "vmm/base/text.h"
#include "vmm/host/tracefs.h"
#include "vmm/run/aside.h"
#include "vmm/run/trace_cmd.h"
#include "vmm/run/trace_dat.h"

#define WHY_LEN	  320
#define COPY_LEN  16384
#define MOST_CPUS 8192

struct trace_dat {
	const char *path;
	char program[PATH_MAX];
	struct trace_pages *pages;
	uint64_t most; /* bytes of pages */
	int out;       /* what trace-cmd writes */
	int fd; /* a sum of the pages there, why it failed back; "": not */
};

static void join_pages(const struct trace_dat *t, const int *files,
		       unsigned int nr_cpus, char *why)
{
	struct trace_cmd_work work = {
		.program = t->program,
		.dir = tracefs_dir(),
		.spare = nameless_open(t->path),
		.out = t->out,
		.pages = files,
		.nr_cpus = nr_cpus,
	};

	if (work.dir < 0 || work.spare < 0)
		snprintf(why, WHY_LEN, "%s", strerror(errno));
	else
		trace_cmd_join(&work, why, WHY_LEN);
}

/* why: "" when it is there. */
static void make(const struct trace_dat *t, const struct trace_pages_sum *sum,
		 char *why)
{
	int *files = calloc(MOST_CPUS, sizeof(*files));
	int nr = files ? trace_pages_split(trace_pages_fd(t->pages), sum,
					   t->path, files, MOST_CPUS)
		       : -ENOMEM;

	*why = '\0';
	if (nr < 0)
		snprintf(why, WHY_LEN, "%s", strerror(-nr));
	else
		join_pages(t, files, (unsigned int)nr, why);
	free(files);
}

/* The message is a sum of the pages. */
static void make_dat(const void *arg, const void *message, size_t len,
		     int answer_fd)
{
	const struct trace_dat *t = arg;
	struct trace_pages_sum sum;
	char why[WHY_LEN];

	if (len != sizeof(sum))
		return;
	memcpy(&sum, message, sizeof(sum));
	make(t, &sum, why);
	if (write(answer_fd, why, strlen(why) + 1) < 0)
		_exit(1);
}

struct trace_dat *trace_dat_start(const char *path, uint64_t most)
{
	struct trace_dat *t = calloc(1, sizeof(*t));

	if (!t)
		die_errno("no memory for --trace-dat");
	t->path = path;
	t->most = most;
	if (!trace_cmd_find(t->program, sizeof(t->program)))
		die("--trace-dat %s wants trace-cmd to write it, and there is "
		    "none in PATH: install it, or leave --trace-dat out",
		    path);
	t->pages = trace_pages_new(most);
	t->out = nameless_open(path);
	if (t->out < 0)
		die_errno("cannot write beside --trace-dat %s", path);
	t->fd = aside_start("--trace-dat", make_dat, t);
	return t;
}

struct trace_pages *trace_dat_pages(const struct trace_dat *t)
{
	return t ? t->pages : NULL;
}

static bool copy(const void *arg, FILE *to)
{
	const struct trace_dat *t = arg;
	char data[COPY_LEN];
	off_t at = 0;
	ssize_t n;

	while ((n = pread(t->out, data, sizeof(data), at)) > 0) {
		if (fwrite(data, 1, (size_t)n, to) != (size_t)n)
			return false;
		at += n;
	}
	return n == 0 && fflush(to) == 0;
}

/* The other process has it made; why: "", or what there was. */
static void have_made(struct trace_dat *t, const struct trace_pages_sum *sum,
		      char *why)
{
	ssize_t n = write(t->fd, sum, sizeof(*sum));

	if (n == (ssize_t)sizeof(*sum))
		n = read(t->fd, why, WHY_LEN - 1);
	if (n <= 0)
		snprintf(why, WHY_LEN, "who was to start trace-cmd is gone");
	else
		why[n] = '\0';
}

bool trace_dat_write(struct trace_dat *t)
{
	struct trace_pages_sum sum;
	char why[WHY_LEN] = "";
	uint64_t lost;
	int err;

	if (!t)
		return true;
	err = trace_pages_end(t->pages, &sum);
	lost = trace_pages_lost(t->pages);
	if (!err && sum.nr == 0) {
		warn("--trace-dat %s is not written: nothing was recorded",
		     t->path);
		return false;
	}
	if (!err)
		have_made(t, &sum, why);
	if (!err && !*why)
		err = atomic_file_write(t->path, copy, t);
	if (err || *why) {
		warn("cannot write what was recorded to --trace-dat %s: %s",
		     t->path, *why ? why : strerror(-err));
		return false;
	}
	if (lost)
		warn("--trace-dat %s lacks the last %" PRIu64
		     " page%s of events: it has %" PRIu64
		     " of them at most, run it for a shorter time",
		     t->path, lost, plural(lost), t->most / sum.page_len);
	return true;
}

void trace_dat_end(struct trace_dat *t)
{
	if (!t)
		return;
	trace_pages_free(t->pages);
	close(t->out);
	close(t->fd);
	free(t);
}
