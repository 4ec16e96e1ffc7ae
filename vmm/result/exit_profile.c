/* SPDX-License-Identifier: BSD-2-Clause */
/* exit_profile.c - see exit_profile.h. */
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/base/room.h"
#include "vmm/result/exit_profile.h"

#define FIRST_ROOM 1024
#define WHAT_FOR   "for a profile of exits"

/* An exit, and how long it was until the entry. */
struct one {
	uint64_t took, rip;
	struct exit_access access;
	uint32_t isa, reason;
	bool to_user;
};

/* A vCPU's thread: out of the guest since begin, or not known to be. */
struct outside {
	int32_t tid;
	bool known;
	uint64_t begin;
	struct one exit;
};

struct exits {
	struct one *list;
	size_t nr, room;
};

static void add(struct exits *x, const struct one *one)
{
	if (x->nr == x->room) {
		x->room = x->room ? 2 * x->room : FIRST_ROOM;
		x->list = reallocarray(x->list, x->room, sizeof(*x->list));
		if (!x->list)
			die_errno("no memory " WHAT_FOR);
	}
	x->list[x->nr++] = *one;
}

static struct outside *find(struct outside *all, unsigned int nr, int32_t tid)
{
	for (unsigned int i = 0; i < nr; i++)
		if (all[i].tid == tid)
			return &all[i];
	return NULL;
}

/* What an event says that the exit was about; ACCESS_NONE: nothing. */
static struct exit_access access_of(const struct trace_event *e)
{
	struct exit_access a = {.at = e->a};

	switch (e->kind) {
	case TRACE_KVM_MSR:
		a.kind = ACCESS_MSR;
		a.is_write = e->c != 0;
		break;
	case TRACE_KVM_PIO:
		a.kind = ACCESS_PORT;
		a.is_write = e->c != 0;
		a.len = (uint32_t)e->b;
		break;
	case TRACE_KVM_MMIO:
		a.kind = ACCESS_MEMORY;
		a.is_write = e->c == TRACE_MMIO_WRITE;
		a.len = (uint32_t)e->b;
		break;
	case TRACE_HYPERCALL:
		a.kind = ACCESS_CALL;
		break;
	case TRACE_KVM_APIC:
		a.kind = ACCESS_APIC;
		a.is_write = e->c != 0;
		break;
	case TRACE_PAGE_FAULT: /* each at another address */
		return (struct exit_access){.kind = ACCESS_PAGE};
	default:
		return (struct exit_access){.kind = ACCESS_NONE};
	}
	return a;
}

/*
 * An access may be told in several ways: a write to an MSR of the APIC is one
 * of its registers too, and what a device at an address takes was a page that
 * the RAM lacks.  The first one of the kinds' order stays.
 */
static void take_access(struct one *one, const struct trace_event *e)
{
	struct exit_access a = access_of(e);

	if (a.kind != ACCESS_NONE &&
	    (one->access.kind == ACCESS_NONE || a.kind < one->access.kind))
		one->access = a;
}

static void begin(struct outside *o, const struct trace_event *e)
{
	o->known = true;
	o->begin = e->tsc;
	o->exit = (struct one){
		.rip = e->b, .reason = (uint32_t)e->a, .isa = (uint32_t)e->c};
}

static void end(struct outside *o, uint64_t tsc, const struct blocks *blocks,
		struct exits *x, uint64_t *cut)
{
	o->known = false;
	o->exit.took = tsc - o->begin;
	if (blocks_state(blocks, o->begin, tsc) == BLOCK_TRACED)
		add(x, &o->exit);
	else
		++*cut;
}

static void take_event(struct outside *o, const struct trace_event *e,
		       const struct blocks *blocks, struct exits *x,
		       uint64_t *cut)
{
	switch (e->kind) {
	case TRACE_KVM_EXIT:
		*cut += o->known; /* its entry is lost */
		begin(o, e);
		return;
	case TRACE_KVM_ENTRY:
		if (o->known)
			end(o, e->tsc, blocks, x, cut);
		return;
	case TRACE_USERSPACE:
		o->exit.to_user = true;
		return;
	default:
		if (o->known)
			take_access(&o->exit, e);
		return;
	}
}

static void pair(struct exits *x, uint64_t *cut, const struct trace_log *log,
		 const struct blocks *blocks, struct outside *all,
		 unsigned int nr)
{
	for (size_t i = 0; i < log->nr; i++) {
		const struct trace_event *e = &log->events[i];
		struct outside *o = find(all, nr, e->tid);

		if (o)
			take_event(o, e, blocks, x, cut);
	}
	for (unsigned int i = 0; i < nr; i++)
		*cut += all[i].known;
}

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* 0: they are of one row. */
static int by_row(const struct one *a, const struct one *b)
{
	int o = order(a->rip, b->rip);

	o = o ? o : order(a->isa, b->isa);
	o = o ? o : order(a->reason, b->reason);
	o = o ? o : order(a->access.kind, b->access.kind);
	o = o ? o : order(a->access.at, b->access.at);
	o = o ? o : order(a->access.is_write, b->access.is_write);
	return o ? o : order(a->access.len, b->access.len);
}

static int by_row_and_time(const void *a, const void *b)
{
	const struct one *x = a, *y = b;
	int o = by_row(x, y);

	return o ? o : order(x->took, y->took);
}

static bool is_halt(const struct exit_row *r)
{
	return exit_reason_is_halt(r->isa, r->reason);
}

/* The dearest first; halts, most of whose time is sleep, last. */
static int dearest_first(const void *a, const void *b)
{
	const struct exit_row *x = a, *y = b;

	if (is_halt(x) != is_halt(y))
		return is_halt(x) ? 1 : -1;
	return order(y->sum, x->sum);
}

/* Of nr exits of one row, the shortest first. */
static struct exit_row row_of(const struct one *list, size_t nr)
{
	struct exit_row r = {.isa = list->isa,
			     .reason = list->reason,
			     .rip = list->rip,
			     .access = list->access,
			     .nr = nr,
			     .p50 = list[(nr - 1) / 2].took,
			     .max = list[nr - 1].took};

	for (size_t i = 0; i < nr; i++) {
		r.sum += list[i].took;
		r.nr_user += list[i].to_user;
	}
	return r;
}

static void add_row(struct exit_profile *p, const struct exit_row *r)
{
	if (!is_halt(r))
		p->sum += r->sum;
	p->nr += r->nr;
	if (p->nr_rows < EXITS_ROWS) {
		p->rows[p->nr_rows++] = *r;
		return;
	}
	p->other_rows++;
	p->other_nr += r->nr;
	p->other_sum += r->sum;
}

/* Behind those of i's row, which are together. */
static size_t row_end(const struct exits *x, size_t i)
{
	size_t k = i + 1;

	while (k < x->nr && by_row(&x->list[i], &x->list[k]) == 0)
		k++;
	return k;
}

static void add_rows(struct exit_profile *p, struct exits *x)
{
	struct exit_row *rows;
	size_t nr = 0;

	if (x->nr == 0)
		return;
	qsort(x->list, x->nr, sizeof(*x->list), by_row_and_time);
	for (size_t i = 0; i < x->nr; i = row_end(x, i))
		nr++;
	rows = room_for(nr, sizeof(*rows), WHAT_FOR);
	nr = 0;
	for (size_t i = 0, k; i < x->nr; i = k) {
		k = row_end(x, i);
		rows[nr++] = row_of(x->list + i, k - i);
	}
	qsort(rows, nr, sizeof(*rows), dearest_first);
	for (size_t i = 0; i < nr; i++)
		add_row(p, &rows[i]);
	free(rows);
}

void exit_profile(struct exit_profile *p, const struct trace_log *log,
		  const struct blocks *blocks,
		  const struct span_thread *threads, unsigned int nr_threads)
{
	struct outside *all = room_for(nr_threads, sizeof(*all), WHAT_FOR);
	struct exits x = {0};

	for (unsigned int i = 0; i < nr_threads; i++)
		all[i].tid = threads[i].tid;
	*p = (struct exit_profile){0};
	pair(&x, &p->cut, log, blocks, all, nr_threads);
	add_rows(p, &x);
	free(x.list);
	free(all);
}
