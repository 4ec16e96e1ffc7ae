/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_log.c - see trace_log.h. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/base/text.h"
#include "vmm/host/trace_log.h"

#define FIRST_ROOM 4096
#define LINE_LEN   256

static const char no_room[] = "no memory for the host's events";

uint32_t trace_log_intern(struct trace_log *log, const char *text, size_t len)
{
	char clean[TRACE_TEXT_LEN];

	if (!text)
		return 0;
	if (!log->texts)
		log->texts = calloc(TRACE_MAX_TEXTS, sizeof(*log->texts));
	if (!log->texts)
		die_errno(no_room);
	if (log->nr_texts == 0)
		log->nr_texts = 1;
	text_copy(clean, sizeof(clean), text, len);
	for (uint32_t i = 0; i < log->nr_texts; i++)
		if (strcmp(log->texts[i], clean) == 0)
			return i;
	if (log->nr_texts == TRACE_MAX_TEXTS)
		return 0;
	memcpy(log->texts[log->nr_texts], clean, sizeof(clean));
	return log->nr_texts++;
}

/* False: there are as many as there may be. */
static bool make_room(struct trace_log *log)
{
	size_t most = log->most ? log->most : TRACE_LOG_MOST;
	size_t room = log->room ? 2 * log->room : FIRST_ROOM;
	struct trace_event *events;

	if (log->nr < log->room)
		return log->nr < most;
	if (log->nr >= most)
		return false;
	events = realloc(log->events, room * sizeof(*events));
	if (!events)
		die_errno(no_room);
	log->events = events;
	log->room = room;
	return true;
}

void trace_log_add(struct trace_log *log, const struct trace_event *e,
		   const char *text, size_t len)
{
	struct trace_event *to;

	if (!make_room(log)) {
		log->dropped++;
		return;
	}
	to = &log->events[log->nr++];
	*to = *e;
	to->text = trace_log_intern(log, text, len);
}

static bool is_within(uint64_t tsc, const struct trace_span *spans, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (tsc >= spans[i].begin && tsc <= spans[i].end)
			return true;
	return false;
}

void trace_log_forget(struct trace_log *log, uint64_t since,
		      const struct trace_span *spans, size_t nr)
{
	size_t kept = 0;

	for (size_t i = 0; i < log->nr; i++) {
		const struct trace_event e = log->events[i];

		if (e.tsc >= since || is_within(e.tsc, spans, nr))
			log->events[kept++] = e;
	}
	log->nr = kept;
}

/*
 * Each CPU's events come in order, piece by piece: they are merged from below,
 * in as many passes as there are halvings.
 */
static void merge(const struct trace_event *from, struct trace_event *to,
		  size_t middle, size_t nr)
{
	size_t a = 0, b = middle;

	for (size_t i = 0; i < nr; i++) {
		bool first =
			a < middle && (b >= nr || from[a].tsc <= from[b].tsc);

		to[i] = from[first ? a++ : b++];
	}
}

void trace_log_sort(struct trace_log *log)
{
	struct trace_event *other;

	if (log->nr < 2)
		return;
	other = calloc(log->room, sizeof(*other));
	if (!other)
		die_errno(no_room);
	for (size_t run = 1; run < log->nr; run *= 2) {
		struct trace_event *from = log->events;

		for (size_t at = 0; at < log->nr; at += 2 * run) {
			size_t left = log->nr - at;
			size_t nr = left < 2 * run ? left : 2 * run;

			merge(from + at, other + at, run < nr ? run : nr, nr);
		}
		log->events = other;
		other = from;
	}
	free(other);
}

size_t trace_log_find(const struct trace_log *log, uint64_t tsc)
{
	size_t low = 0, high = log->nr;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (log->events[middle].tsc < tsc)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const char *trace_log_text(const struct trace_log *log, uint32_t text)
{
	return text < log->nr_texts ? log->texts[text] : "";
}

const char *trace_log_function(const struct trace_log *log,
			       const struct trace_event *e)
{
	return e->text ? trace_log_text(log, e->text) : "unknown function";
}

/* The thread that an event's text is the name of; 0: of none. */
static int32_t named(const struct trace_event *e)
{
	bool names = e->kind == TRACE_SWITCH || e->kind == TRACE_WAKING ||
		     e->kind == TRACE_WAKEUP;

	return names && e->text ? (int32_t)e->a : 0;
}

const char *trace_log_comm(const struct trace_log *log, int32_t tid,
			   size_t before)
{
	if (tid == 0)
		return "idle";
	for (size_t i = before < log->nr ? before : log->nr; i-- > 0;)
		if (named(&log->events[i]) == tid)
			return trace_log_text(log, log->events[i].text);
	for (size_t i = before; i < log->nr; i++)
		if (named(&log->events[i]) == tid)
			return trace_log_text(log, log->events[i].text);
	return "";
}

void trace_log_write(const struct trace_log *log, FILE *f)
{
	for (size_t i = 0; i < log->nr; i++) {
		const struct trace_event *e = &log->events[i];

		fprintf(f,
			"%" PRIu64 " %u %" PRId32 " %s %" PRIu64 " %" PRIu64
			" %" PRIu64 " %s\n",
			e->tsc, e->cpu, e->tid, trace_kind_name(e->kind), e->a,
			e->b, e->c, trace_log_text(log, e->text));
	}
}

static int kind_of(const char *name, size_t len)
{
	for (int i = 0; i < NR_TRACE_KINDS; i++)
		if (strlen(trace_kinds[i].name) == len &&
		    memcmp(trace_kinds[i].name, name, len) == 0)
			return i;
	return -1;
}

/* The next one of a line, and the blank behind it; *at NULL: there is none. */
static uint64_t number(const char **at)
{
	uint64_t value = 0;
	char *end;

	if (!*at || (!isdigit((unsigned char)**at) && **at != '-')) {
		*at = NULL;
		return 0;
	}
	/* Signed ones wrap around, as they were taken from the ring. */
	errno = 0;
	value = strtoull(*at, &end, 10);
	/* The last one's line may end with it. */
	*at = *end == ' ' ? end + 1 : *end == '\0' ? end : NULL;
	if (errno)
		*at = NULL;
	return value;
}

static const char *read_line(struct trace_log *log, const char *line)
{
	struct trace_event e = {.tsc = number(&line)};
	int kind;
	size_t len;

	e.cpu = (uint16_t)number(&line);
	e.tid = (int32_t)number(&line);
	len = line ? strcspn(line, " ") : 0;
	kind = len ? kind_of(line, len) : -1;
	if (len && kind < 0)
		return "no such event is known";
	line = len && line[len] ? line + len + 1 : NULL;
	e.a = number(&line);
	e.b = number(&line);
	e.c = number(&line);
	if (!line || kind < 0)
		return "it wants TSC CPU TID KIND A B C TEXT";
	e.kind = (uint8_t)kind;
	trace_log_add(log, &e, *line ? line : NULL, LINE_LEN);
	return NULL;
}

const char *trace_log_read(struct trace_log *log, FILE *f, unsigned int *line)
{
	char text[LINE_LEN];

	for (*line = 1; fgets(text, sizeof(text), f); ++*line) {
		size_t len = strlen(text);
		const char *wrong;

		if (len == 0 || text[len - 1] != '\n')
			return "the line is too long, or does not end";
		text[len - 1] = '\0';
		wrong = read_line(log, text);
		if (wrong)
			return wrong;
	}
	if (ferror(f))
		return "it cannot be read";
	trace_log_sort(log);
	return NULL;
}

void trace_log_free(struct trace_log *log)
{
	free(log->events);
	free(log->texts);
	*log = (struct trace_log){0};
}
