/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * chrome_trace.h - a reader of Chrome's trace events, which fails the test
 * unless they are as the format wants them: slices nest on each track, what
 * begins ends, arrows have both ends and a slice at either.
 */
#ifndef TESTS_UNIT_CHROME_TRACE_H
#define TESTS_UNIT_CHROME_TRACE_H

#include "tests/unit/replayed.h"

struct chrome_slice {
	char name[128];
	int64_t tid;
	double ts, dur;
	unsigned int depth;
};

struct chrome_trace {
	char *text;
	struct chrome_slice *slices;
	size_t nr;
	size_t nr_arrows;
	struct {
		int64_t tid;
		char name[128];
	} threads[256];
	size_t nr_threads;
};

/* Of perfetto_write(). */
struct chrome_trace *chrome_trace_of(const struct recording *r);
void chrome_trace_free(struct chrome_trace *c);

/* The one of that name, or the test fails; and how many there are. */
const struct chrome_slice *chrome_slice(const struct chrome_trace *c,
					const char *name);
size_t chrome_slices(const struct chrome_trace *c, const char *name);

/* What a track is called. */
const char *chrome_thread(const struct chrome_trace *c, int64_t tid);

#endif
