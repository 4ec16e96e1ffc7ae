/* SPDX-License-Identifier: BSD-2-Clause */
/* causes.c - see causes.h. */
#include <stdio.h>
#include <string.h>

#include "vmm/result/cause_cpu.h"
#include "vmm/result/causes.h"

/*
 * The last event of that CPU before one of the log that a thread made, else the
 * first one: what interrupts the thread then, began behind it.  at: none.
 */
static size_t before(const struct trace_log *log, int cpu, size_t at)
{
	size_t first = at;

	while (at-- > 0) {
		if (log->events[at].cpu != cpu)
			continue;
		first = at;
		if (cause_is_threads(&log->events[at]))
			break;
	}
	return first;
}

/* A timer interrupt is one, whatever it ran: all they took of that kind. */
static uint64_t whole(const struct cause_cpu *s, const struct cause *c)
{
	uint64_t tsc = 0;

	if (c->kind != CAUSE_TIMER)
		return c->tsc;
	for (unsigned int k = 0; k < s->nr; k++)
		if (s->causes[k].kind == CAUSE_TIMER)
			tsc += s->causes[k].tsc;
	return tsc;
}

/* What took longest; of a timer interrupt, its function that did. */
static struct cause longest(const struct cause_cpu *s)
{
	struct cause most = {.kind = CAUSE_NOTHING};
	uint64_t function = 0;

	for (unsigned int k = 0; k < s->nr; k++) {
		const struct cause *c = &s->causes[k];
		bool named = c->name[0] != '\0' && c->tsc > function;

		if (whole(s, c) > most.tsc) {
			most = *c;
			most.tsc = whole(s, c);
			function = most.name[0] ? c->tsc : 0;
		} else if (c->kind == most.kind && c->kind == CAUSE_TIMER &&
			   named) {
			memcpy(most.name, c->name, sizeof(most.name));
			function = c->tsc;
		}
	}
	return most;
}

/* "tick_nohz_handler, kept by SCHED": it could stop there, but for that. */
static void name_keeper(const struct cause_cpu *s, struct cause *c)
{
	size_t i = trace_log_find(s->log, s->place->end + 1), n = 0;
	size_t len = strlen(c->name);

	/* A tick that is not stopped looks each time whether it could. */
	for (; i-- > 0 && n < CAUSE_LOOK_BACK; n++) {
		const struct trace_event *e = &s->log->events[i];

		if (e->cpu != s->place->cpu || e->kind != TRACE_TICK_STOP)
			continue;
		if (e->a == 0)
			snprintf(c->name + len, sizeof(c->name) - len,
				 ", kept by %s", tick_keeper_name(e->b));
		return;
	}
}

struct cause cause_find(const struct trace_log *log,
			const struct span_host *host,
			const struct cause_place *place)
{
	struct cause_cpu s = {.place = place, .log = log, .host = host};
	size_t i = before(log, place->cpu, trace_log_find(log, place->begin));
	struct cause most;

	cause_begin(&s, i);
	for (; i < log->nr && log->events[i].tsc <= place->end; i++)
		if (log->events[i].cpu == place->cpu)
			cause_follow(&s, i);
	cause_charge(&s, place->end);
	most = longest(&s);
	if (cause_is_tick(&most))
		name_keeper(&s, &most);
	return most;
}
