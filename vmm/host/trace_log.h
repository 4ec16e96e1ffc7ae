/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_log.h - events of a run, in memory, in order of their time; and as
 * text, one line each: what a test keeps of a trace.
 */
#ifndef VMM_HOST_TRACE_LOG_H
#define VMM_HOST_TRACE_LOG_H

#include <stdint.h>
#include <stdio.h>

#include "vmm/host/trace_event.h"

#define TRACE_TEXT_LEN	32
#define TRACE_MAX_TEXTS 4096

/* Zeroed: empty.  Its own: trace_log_free(). */
struct trace_log {
	struct trace_event *events;
	size_t nr, room;
	uint64_t dropped;	       /* events without room: more than most */
	size_t most;		       /* events; 0: TRACE_LOG_MOST */
	char (*texts)[TRACE_TEXT_LEN]; /* nr_texts; [0] is empty */
	uint32_t nr_texts;
};

#define TRACE_LOG_MOST (4u << 20)

/*
 * One more; text: of at most len bytes, NUL or not at its end, '?' for what is
 * not printable; NULL: none.  Where there is no room, it is counted.  Dies
 * without memory.
 */
void trace_log_add(struct trace_log *log, const struct trace_event *e,
		   const char *text, size_t len);

/* By time; what has the same one stays in order. */
void trace_log_sort(struct trace_log *log);

/*
 * Forgets what is neither at since or behind it nor within one of nr spans,
 * each of the TSC, both ends included; what is left stays in order.
 */
struct trace_span {
	uint64_t begin, end;
};
void trace_log_forget(struct trace_log *log, uint64_t since,
		      const struct trace_span *spans, size_t nr);

/* The first event at tsc or behind it: an index, at most log->nr. */
size_t trace_log_find(const struct trace_log *log, uint64_t tsc);

/* Never NULL. */
const char *trace_log_text(const struct trace_log *log, uint32_t text);

/* The function of an event that has one, or "unknown function". */
const char *trace_log_function(const struct trace_log *log,
			       const struct trace_event *e);

/*
 * The number of a text, which is kept once, for an event's text; 0: none, or no
 * room for another.  text, len: as in trace_log_add().
 */
uint32_t trace_log_intern(struct trace_log *log, const char *text, size_t len);

/*
 * The last name that a thread was told by before event number before, or after
 * it if there is none before; "" : none.
 */
const char *trace_log_comm(const struct trace_log *log, int32_t tid,
			   size_t before);

/*
 * "TSC CPU TID KIND A B C TEXT": numbers decimal, KIND as in tracefs, TEXT to
 * the end of the line.
 */
void trace_log_write(const struct trace_log *log, FILE *f);

/* Adds what is there, sorted.  NULL, or what is wrong; line: its number. */
const char *trace_log_read(struct trace_log *log, FILE *f, unsigned int *line);

void trace_log_free(struct trace_log *log);

#endif
