/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_format.c - see trace_format.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <traceevent/event-parse.h>
#include <traceevent/kbuffer.h>

#include "vmm/base/die.h"
#include "vmm/host/trace_format.h"

#define MAX_IDS	 65536 /* a common_type has two bytes */
#define NO_KIND	 255
#define NAME_LEN 96

/* Where an event has something; size 0: nowhere. */
struct place {
	unsigned int offset, size;
	bool is_signed, is_far; /* __data_loc: where it is, is what is there */
};

struct layout {
	bool known;
	struct place pid, a, b, c, text;
};

struct trace_formats {
	struct tep_handle *tep;
	struct kbuffer *kbuf;
	size_t page_len;
	struct place type;
	struct layout layouts[NR_TRACE_KINDS];
	uint8_t kinds[MAX_IDS]; /* by the event's number; NO_KIND */
};

static struct place place_of(const struct tep_format_field *f)
{
	return (struct place){
		.offset = (unsigned int)f->offset,
		.size = (unsigned int)f->size,
		.is_signed = f->flags & TEP_FIELD_IS_SIGNED,
		.is_far = f->flags & TEP_FIELD_IS_DYNAMIC,
	};
}

/* False: it is wanted and the event has it not. */
static bool find(struct tep_event *event, const char *name, bool common,
		 struct place *p)
{
	struct tep_format_field *f;

	*p = (struct place){0};
	if (!name)
		return true;
	f = common ? tep_find_common_field(event, name)
		   : tep_find_field(event, name);
	if (!f || f->offset < 0 || f->size <= 0)
		return false;
	*p = place_of(f);
	return true;
}

static void learn(struct trace_formats *f, unsigned int kind,
		  struct tep_event *event)
{
	const struct trace_kind_desc *d = &trace_kinds[kind];
	struct layout *l = &f->layouts[kind];

	if (event->id < 0 || event->id >= MAX_IDS ||
	    !find(event, "common_type", true, &f->type) ||
	    !find(event, "common_pid", true, &l->pid) ||
	    !find(event, d->a, false, &l->a) ||
	    !find(event, d->b, false, &l->b) ||
	    !find(event, d->c, false, &l->c) ||
	    !find(event, d->text, false, &l->text))
		return;
	l->known = true;
	f->kinds[event->id] = (uint8_t)kind;
}

static void read_kind(struct trace_formats *f, unsigned int kind,
		      trace_reader *read, void *arg)
{
	const struct trace_kind_desc *d = &trace_kinds[kind];
	struct tep_event *event;
	char name[NAME_LEN];
	size_t len = 0;
	char *text;

	snprintf(name, sizeof(name), "events/%s/%s/format", d->group, d->name);
	text = read(arg, name, &len);
	if (!text)
		return;
	/* It may fail in how the event is to be printed, which is not asked. */
	tep_parse_event(f->tep, text, len, d->group);
	event = tep_find_event_by_name(f->tep, d->group, d->name);
	if (event)
		learn(f, kind, event);
	free(text);
}

struct trace_formats *trace_formats_read(trace_reader *read, void *arg)
{
	size_t len = 0;
	char *header = read(arg, "events/header_page", &len);
	struct trace_formats *f;

	if (!header)
		return NULL;
	f = calloc(1, sizeof(*f));
	if (!f)
		die_errno("no memory for the host's events");
	memset(f->kinds, NO_KIND, sizeof(f->kinds));
	tep_set_loglevel(TEP_LOG_NONE);
	f->tep = tep_alloc();
	f->kbuf = kbuffer_alloc(KBUFFER_LSIZE_8, KBUFFER_ENDIAN_LITTLE);
	if (!f->tep || !f->kbuf)
		die_errno("no memory for the host's events");
	if (tep_parse_header_page(f->tep, header, len, sizeof(long)) == 0)
		f->page_len = (size_t)tep_get_sub_buffer_size(f->tep);
	free(header);
	for (unsigned int i = 0; i < NR_TRACE_KINDS; i++)
		read_kind(f, i, read, arg);
	if (f->page_len == 0) {
		trace_formats_free(f);
		return NULL;
	}
	return f;
}

bool trace_formats_has(const struct trace_formats *f, unsigned int kind)
{
	return f->layouts[kind].known;
}

size_t trace_formats_page_len(const struct trace_formats *f)
{
	return f->page_len;
}

/* An event of len bytes; what does not fit in it is 0. */
static uint64_t number(const unsigned char *data, unsigned int len,
		       const struct place *p)
{
	uint64_t v = 0;

	if (p->size == 0 || p->size > sizeof(v) || p->offset > len ||
	    p->size > len - p->offset)
		return 0;
	memcpy(&v, data + p->offset, p->size); /* little-endian */
	if (p->is_signed && p->size < sizeof(v) && v >> (8 * p->size - 1) & 1)
		v |= ~0ull << (8 * p->size);
	return v;
}

static const char *text_of(const unsigned char *data, unsigned int len,
			   const struct place *p, size_t *text_len)
{
	uint64_t at = p->offset, size = p->size;

	if (p->is_far) { /* length << 16 | offset */
		uint64_t where = number(data, len, p);

		at = where & 0xffff;
		size = where >> 16 & 0xffff;
	}
	if (size == 0 || at > len || size > len - at)
		return NULL;
	*text_len = size;
	return (const char *)data + at;
}

static void take_event(struct trace_formats *f, const unsigned char *data,
		       unsigned int len, uint64_t tsc, unsigned int cpu,
		       struct trace_log *log)
{
	uint64_t id = number(data, len, &f->type);
	unsigned int kind = id < MAX_IDS ? f->kinds[id] : NO_KIND;
	struct trace_event e = {.tsc = tsc, .cpu = (uint16_t)cpu};
	const struct layout *l;
	size_t text_len = 0;
	const char *text;

	if (kind == NO_KIND)
		return;
	l = &f->layouts[kind];
	e.kind = (uint8_t)kind;
	e.tid = (int32_t)number(data, len, &l->pid);
	e.a = number(data, len, &l->a);
	e.b = number(data, len, &l->b);
	e.c = number(data, len, &l->c);
	text = text_of(data, len, &l->text, &text_len);
	trace_log_add(log, &e, text, text_len);
}

void trace_formats_take(struct trace_formats *f, void *page, unsigned int cpu,
			struct trace_log *log)
{
	unsigned long long tsc;
	unsigned char *data;

	if (kbuffer_load_subbuffer(f->kbuf, page) < 0)
		return;
	for (data = kbuffer_read_event(f->kbuf, &tsc); data;
	     data = kbuffer_next_event(f->kbuf, &tsc))
		take_event(f, data, (unsigned int)kbuffer_event_size(f->kbuf),
			   tsc, cpu, log);
}

void trace_formats_free(struct trace_formats *f)
{
	if (!f)
		return;
	kbuffer_free(f->kbuf);
	tep_free(f->tep);
	free(f);
}
