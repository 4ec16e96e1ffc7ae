/* SPDX-License-Identifier: BSD-2-Clause */
/* cause_cpu.c - see cause_cpu.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "vmm/result/cause_cpu.h"

#define RT_PRIOS 100u /* priorities of the kernel below it are real-time */

/* How the threads begin that run the works of queues. */
static const char kworker[] = "kworker/";

/* What the CPU is in, last of all. */
static const struct doing *doing_now(const struct cause_cpu *s)
{
	if (s->depth > 0)
		return &s->nested[s->depth - 1];
	return s->thread.kind == CAUSE_NOTHING ? &s->fault : &s->thread;
}

static bool can_hinder(const struct cause_cpu *s, const struct doing *d)
{
	uint64_t begin = s->place->begin;

	/*
	 * The timer interrupt that was there already may have brought it, and
	 * the timer that begins it has.
	 */
	if (d->kind == CAUSE_TIMER)
		return d->since > begin || (d->since == begin && !d->name[0]);
	if (s->place->is_interrupt)
		return d->kind == CAUSE_IRQ || d->kind == CAUSE_IRQ_WORK;
	return d->kind != CAUSE_NOTHING;
}

void cause_charge(struct cause_cpu *s, uint64_t at)
{
	const struct doing *d = doing_now(s);
	struct cause *c = s->causes, *end = c + s->nr;
	uint64_t since = s->charged, until = at;

	if (at > s->charged)
		s->charged = at;
	if (since < s->place->begin)
		since = s->place->begin;
	if (until > s->place->end)
		until = s->place->end;
	if (until <= since || !can_hinder(s, d))
		return;
	while (c < end && (c->kind != d->kind || strcmp(c->name, d->name) != 0))
		c++;
	if (c == end) {
		if (s->nr == CAUSE_MOST)
			return;
		*c = (struct cause){.kind = d->kind};
		memcpy(c->name, d->name, sizeof(d->name));
		s->nr++;
	}
	c->tsc += until - since;
}

static void begin_doing(struct doing *d, enum cause_kind kind, uint64_t since,
			const char *name)
{
	*d = (struct doing){.kind = kind, .since = since};
	snprintf(d->name, sizeof(d->name), "%s", name);
}

static void begin_nested(struct cause_cpu *s, enum cause_kind kind,
			 uint64_t since, const char *name)
{
	cause_charge(s, since);
	if (s->depth < CAUSE_DEPTH)
		begin_doing(&s->nested[s->depth++], kind, since, name);
}

/* What began before the first event that was looked at is not known: ignored.
 */
static void end_nested(struct cause_cpu *s, enum cause_kind kind, uint64_t at)
{
	cause_charge(s, at);
	while (s->depth > 0)
		if (s->nested[--s->depth].kind == kind)
			return;
}

/* A timer interrupt is in that timer's function now. */
static void begin_timer(struct cause_cpu *s, uint64_t at, const char *function)
{
	struct doing *d = s->nested + s->depth;

	if (s->depth == 0 || (--d)->kind != CAUSE_TIMER)
		return;
	cause_charge(s, at);
	begin_doing(d, CAUSE_TIMER, at, function);
}

static bool is_vcpus(const struct cause_cpu *s, int32_t tid)
{
	return tid != 0 && span_vcpu(s->host, tid) == s->place->vcpu;
}

/* Another thread runs from at on: event number i says so. */
static void set_thread(struct cause_cpu *s, int32_t tid, size_t i, uint64_t at)
{
	struct doing *d = &s->thread;

	cause_charge(s, at);
	s->tid = tid;
	begin_doing(d, CAUSE_THREAD, at, "");
	if (is_vcpus(s, tid)) {
		d->kind = CAUSE_NOTHING;
		s->throttled = false;
	} else if (tid != 0 &&
		   span_thread_name(s->host, tid, d->name, sizeof(d->name))) {
		d->kind = CAUSE_OWN_THREAD;
	} else if (s->throttled) {
		d->kind = CAUSE_THROTTLED;
	} else if (tid == 0) {
		d->kind = CAUSE_NOTHING;
	} else {
		snprintf(d->name, sizeof(d->name), "%s",
			 trace_log_comm(s->log, tid, i));
		if (strncmp(d->name, kworker, strlen(kworker)) == 0)
			d->kind = CAUSE_WORK;
		if (d->name[0] == '\0')
			snprintf(d->name, sizeof(d->name), "%d", (int)tid);
	}
}

/* A thread of a queue does that work, until it is back in its own loop. */
static void begin_work(struct cause_cpu *s, const struct trace_event *e)
{
	if (s->thread.kind != CAUSE_WORK && s->thread.kind != CAUSE_THREAD)
		return;
	cause_charge(s, e->tsc);
	begin_doing(&s->thread, CAUSE_WORK, e->tsc,
		    trace_log_function(s->log, e));
}

static void end_work(struct cause_cpu *s, const struct trace_event *e, size_t i)
{
	if (s->thread.kind == CAUSE_WORK)
		set_thread(s, e->tid, i, e->tsc);
}

/*
 * A fault lasts until its vCPU's thread is at something else.  One from before
 * is over, unless that vCPU is known not to be in the guest.
 */
static void step_fault(struct cause_cpu *s, const struct trace_event *e)
{
	char name[CAUSE_NAME_LEN];

	if (!is_vcpus(s, e->tid) || !trace_kind_is_kvm(e->kind))
		return;
	cause_charge(s, e->tsc);
	s->fault.kind = CAUSE_NOTHING;
	if (e->kind == TRACE_KVM_EXIT || e->kind == TRACE_KVM_ENTRY)
		s->exited = e->kind == TRACE_KVM_EXIT;
	if (e->kind != TRACE_PAGE_FAULT ||
	    (e->tsc < s->place->begin && !s->exited))
		return;
	snprintf(name, sizeof(name), "0x%" PRIx64, e->a);
	begin_doing(&s->fault, CAUSE_PAGE_FAULT, e->tsc, name);
}

static void step(struct cause_cpu *s, const struct trace_event *e, size_t i)
{
	switch (e->kind) {
	case TRACE_LOCAL_TIMER:
		begin_nested(s, CAUSE_TIMER, e->tsc, "");
		break;
	case TRACE_HRTIMER:
		begin_timer(s, e->tsc, trace_log_function(s->log, e));
		break;
	case TRACE_LOCAL_TIMER_EXIT:
		end_nested(s, CAUSE_TIMER, e->tsc);
		break;
	case TRACE_IRQ:
		begin_nested(s, CAUSE_IRQ, e->tsc,
			     trace_log_text(s->log, e->text));
		break;
	case TRACE_IRQ_EXIT:
		end_nested(s, CAUSE_IRQ, e->tsc);
		break;
	case TRACE_SOFTIRQ:
		begin_nested(s, CAUSE_SOFTIRQ, e->tsc, softirq_name(e->a));
		break;
	case TRACE_SOFTIRQ_EXIT:
		end_nested(s, CAUSE_SOFTIRQ, e->tsc);
		break;
	case TRACE_IRQ_WORK:
		begin_nested(s, CAUSE_IRQ_WORK, e->tsc, "");
		break;
	case TRACE_IRQ_WORK_EXIT:
		end_nested(s, CAUSE_IRQ_WORK, e->tsc);
		break;
	case TRACE_WORK:
		begin_work(s, e);
		break;
	case TRACE_WORK_END:
		end_work(s, e, i);
		break;
	default:
		step_fault(s, e);
		break;
	}
}

bool cause_is_threads(const struct trace_event *e)
{
	return e->kind == TRACE_SWITCH || e->kind == TRACE_KVM_ENTRY ||
	       e->kind == TRACE_KVM_EXIT;
}

/* Does the vCPU's thread, that would go on, leave the CPU to an ordinary one?
 */
static bool gives_way(const struct cause_cpu *s, const struct trace_event *e)
{
	return e->kind == TRACE_SWITCH && s->host->realtime && e->b == 0 &&
	       e->c >= RT_PRIOS;
}

void cause_begin(struct cause_cpu *s, size_t i)
{
	for (unsigned int n = 0; i-- > 0 && n < CAUSE_LOOK_BACK; n++) {
		const struct trace_event *e = &s->log->events[i];

		if (e->cpu != s->place->cpu)
			continue;
		if (is_vcpus(s, e->tid)) {
			s->throttled = gives_way(s, e);
			return;
		}
		if (e->kind == TRACE_SWITCH && is_vcpus(s, (int32_t)e->a))
			return;
	}
}

void cause_follow(struct cause_cpu *s, size_t i)
{
	const struct trace_event *e = &s->log->events[i];

	/* The end of what interrupted it was lost. */
	if (s->depth > 0 && cause_is_threads(e)) {
		cause_charge(s, e->tsc);
		s->depth = 0;
	}
	if (e->tid != s->tid)
		set_thread(s, e->tid, i + 1,
			   s->tid == 0 && s->last_tsc ? s->last_tsc : e->tsc);
	s->last_tsc = e->tsc;
	step(s, e, i);
	if (e->kind != TRACE_SWITCH)
		return;
	if (is_vcpus(s, e->tid))
		s->throttled = gives_way(s, e);
	set_thread(s, (int32_t)e->a, i + 1, e->tsc);
}
