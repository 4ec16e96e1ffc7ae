/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_json.h - Chrome's trace event format: an object whose "traceEvents" are
 * written one by one, so that it takes no more memory than one of them.
 *
 * A track is a thread of it.  What it is given is in order and nested whatever
 * comes: a moment before its last one is that one, and what is open is closed
 * from within.
 */
#ifndef VMM_REPORT_TRACE_JSON_H
#define VMM_REPORT_TRACE_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "vmm/base/ticks.h"
#include "vmm/result/json.h"

struct trace_json {
	FILE *out;
	uint64_t base; /* TSC at which its time begins */
	struct ticks ticks;
	uint64_t tsc_khz; /* not 0 */
	bool failed, some;
};

struct track {
	uint32_t pid, tid;
	uint64_t last; /* TSC */
	unsigned int depth;
};

/* Whose out, base, ticks and tsc_khz are set. */
void trace_json_begin(struct trace_json *j);

/* With what else is to be said of it, which is freed.  False: it failed. */
bool trace_json_end(struct trace_json *j, json_t *about);

/* A name and a place in the order of a process; of a thread, by its track. */
void trace_json_process(struct trace_json *j, uint32_t pid, const char *name);
void trace_json_thread(struct trace_json *j, const struct track *t,
		       const char *name);

/* A slice: opened and closed.  args: freed; NULL: none. */
void track_open(struct trace_json *j, struct track *t, uint64_t tsc,
		const char *name, json_t *args);
void track_close(struct trace_json *j, struct track *t, uint64_t tsc);

/* A moment. */
void track_mark(struct trace_json *j, struct track *t, uint64_t tsc,
		const char *name, json_t *args);

/* A slice whose end is known; the caller sees to its place among others. */
void trace_json_slice(struct trace_json *j, const struct track *t,
		      uint64_t begin, uint64_t end, const char *name,
		      json_t *args);

/* An arrow from what is open on a track at a moment to what is so on another.
 */
struct arrow_end {
	const struct track *track;
	uint64_t tsc;
};
void trace_json_arrow(struct trace_json *j, uint64_t id, struct arrow_end from,
		      struct arrow_end to);

#endif
