/* SPDX-License-Identifier: BSD-2-Clause */
/* causes.c - see causes.h. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "vmm/result/causes.h"

#define MAX_DEPTH  8
#define MAX_CAUSES 32	/* between two moments; what comes later has no room */
#define RT_PRIOS   100u /* priorities of the kernel below it are real-time */

/* Something that a CPU does, from the moment that it was begun or asked. */
struct doing {
	enum cause_kind kind;
	char name[CAUSE_NAME_LEN];
	uint64_t since;
};

/* One CPU, as its events tell of it: a thread, and what interrupted that. */
struct cpu_state {
	uint64_t begin, end;
	int wanted;	     /* the vCPU that was to run */
	int32_t tid;	     /* that runs */
	uint64_t last_tsc;   /* of the last event; 0: there was none */
	bool throttled;	     /* who was to run would, and ordinary threads do */
	struct doing thread; /* CAUSE_NOTHING: idle, or who was to run */
	struct doing nested[MAX_DEPTH];
	unsigned int depth;
	struct cause causes[MAX_CAUSES]; /* nr of them, all they took */
	unsigned int nr;
};

static const char *const softirqs[] = {
	"HI",	    "TIMER",   "NET_TX", "NET_RX",  "BLOCK",
	"IRQ_POLL", "TASKLET", "SCHED",	 "HRTIMER", "RCU"};

/* How the threads begin that run the works of queues. */
static const char kworker[] = "kworker/";

static void end_doing(struct cpu_state *s, const struct doing *d, uint64_t at)
{
	uint64_t since = d->since < s->begin ? s->begin : d->since;
	uint64_t until = at > s->end ? s->end : at;
	struct cause *c = s->causes, *end = c + s->nr;

	/* The timer interrupt that was there already may have brought it. */
	if (d->kind == CAUSE_TIMER && d->since < s->begin)
		return;
	if (d->kind == CAUSE_NOTHING || until <= since)
		return;
	while (c < end && (c->kind != d->kind || strcmp(c->name, d->name) != 0))
		c++;
	if (c == end) {
		if (s->nr == MAX_CAUSES)
			return;
		*c = (struct cause){.kind = d->kind};
		memcpy(c->name, d->name, sizeof(d->name));
		s->nr++;
	}
	c->tsc += until - since;
}

static void begin_nested(struct cpu_state *s, enum cause_kind kind,
			 const struct trace_event *e, const char *name)
{
	struct doing *d;

	if (s->depth == MAX_DEPTH)
		return;
	d = &s->nested[s->depth++];
	*d = (struct doing){.kind = kind, .since = e->tsc};
	snprintf(d->name, sizeof(d->name), "%s", name);
}

/* What began before the first event that was looked at is not known: ignored.
 */
static void end_nested(struct cpu_state *s, enum cause_kind kind, uint64_t at)
{
	while (s->depth > 0) {
		const struct doing *d = &s->nested[--s->depth];

		end_doing(s, d, at);
		if (d->kind == kind)
			return;
	}
}

/* Another thread runs from at on: event number i says so. */
static void set_thread(struct cpu_state *s, const struct trace_log *log,
		       const struct span_host *host, int32_t tid, size_t i,
		       uint64_t at)
{
	struct doing *d = &s->thread;

	end_doing(s, d, at);
	s->tid = tid;
	*d = (struct doing){.kind = CAUSE_THREAD, .since = at};
	if (tid != 0 && span_vcpu(host, tid) == s->wanted) {
		d->kind = CAUSE_NOTHING;
		s->throttled = false;
	} else if (tid != 0 && span_thread_name(host, tid, d->name, sizeof(d->name))) {
		d->kind = CAUSE_OWN_THREAD;
	} else if (s->throttled) {
		d->kind = CAUSE_THROTTLED;
	} else if (tid == 0) {
		d->kind = CAUSE_NOTHING;
	} else {
		snprintf(d->name, sizeof(d->name), "%s",
			 trace_log_comm(log, tid, i));
		if (strncmp(d->name, kworker, strlen(kworker)) == 0)
			d->kind = CAUSE_WORK;
		if (d->name[0] == '\0')
			snprintf(d->name, sizeof(d->name), "%d", (int)tid);
	}
}

const char *softirq_name(uint64_t nr)
{
	return nr < sizeof(softirqs) / sizeof(*softirqs) ? softirqs[nr]
							 : "unknown";
}

static void step(struct cpu_state *s, const struct trace_log *log,
		 const struct trace_event *e)
{
	switch (e->kind) {
	case TRACE_LOCAL_TIMER:
		begin_nested(s, CAUSE_TIMER, e, "");
		break;
	case TRACE_LOCAL_TIMER_EXIT:
		end_nested(s, CAUSE_TIMER, e->tsc);
		break;
	case TRACE_IRQ:
		begin_nested(s, CAUSE_IRQ, e, trace_log_text(log, e->text));
		break;
	case TRACE_IRQ_EXIT:
		end_nested(s, CAUSE_IRQ, e->tsc);
		break;
	case TRACE_SOFTIRQ:
		begin_nested(s, CAUSE_SOFTIRQ, e, softirq_name(e->a));
		break;
	case TRACE_SOFTIRQ_EXIT:
		end_nested(s, CAUSE_SOFTIRQ, e->tsc);
		break;
	case TRACE_IRQ_WORK:
		begin_nested(s, CAUSE_IRQ_WORK, e, "");
		break;
	case TRACE_IRQ_WORK_EXIT:
		end_nested(s, CAUSE_IRQ_WORK, e->tsc);
		break;
	default:
		break;
	}
}

/* Does a thread do it, with nothing that interrupts it? */
static bool is_threads(const struct trace_event *e)
{
	return e->kind == TRACE_SWITCH || e->kind == TRACE_KVM_ENTRY ||
	       e->kind == TRACE_KVM_EXIT;
}

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
		if (is_threads(&log->events[at]))
			break;
	}
	return first;
}

/*
 * A switch says who is next.  Where one was not recorded, the next event of
 * another thread does: some hosts do not record what a CPU's idle task switches
 * to, which has run since its last event then, others are late.  A real-time
 * thread that would go on gives way to an ordinary one only when it is
 * throttled, or to the fair server.
 */
static void follow(struct cpu_state *s, const struct trace_log *log,
		   const struct span_host *host, size_t i)
{
	const struct trace_event *e = &log->events[i];

	if (e->tid != s->tid)
		set_thread(s, log, host, e->tid, i + 1,
			   s->tid == 0 && s->last_tsc ? s->last_tsc : e->tsc);
	s->last_tsc = e->tsc;
	if (e->kind != TRACE_SWITCH)
		return;
	if (span_vcpu(host, e->tid) == s->wanted && host->realtime)
		s->throttled = e->b == 0 && e->c >= RT_PRIOS;
	set_thread(s, log, host, (int32_t)e->a, i + 1, e->tsc);
}

struct cause cause_find(const struct trace_log *log,
			const struct span_host *host, int cpu, int vcpu,
			uint64_t begin, uint64_t end)
{
	struct cpu_state s = {.begin = begin, .end = end, .wanted = vcpu};
	size_t i = before(log, cpu, trace_log_find(log, begin));
	struct cause most = {.kind = CAUSE_NOTHING};

	for (; i < log->nr && log->events[i].tsc <= end; i++) {
		if (log->events[i].cpu != cpu)
			continue;
		step(&s, log, &log->events[i]);
		follow(&s, log, host, i);
	}
	end_doing(&s, &s.thread, end);
	while (s.depth > 0)
		end_doing(&s, &s.nested[--s.depth], end);
	for (unsigned int k = 0; k < s.nr; k++)
		if (s.causes[k].tsc > most.tsc)
			most = s.causes[k];
	/* An interrupt within one of its kind counts twice. */
	if (most.tsc > end - begin)
		most.tsc = end - begin;
	return most;
}

const char *cause_kind_name(enum cause_kind kind)
{
	static const char *const names[NR_CAUSES] = {
		[CAUSE_NOTHING] = "nothing",
		[CAUSE_THREAD] = "thread",
		[CAUSE_OWN_THREAD] = "own_thread",
		[CAUSE_THROTTLED] = "throttled",
		[CAUSE_TIMER] = "timer_interrupt",
		[CAUSE_IRQ] = "interrupt",
		[CAUSE_SOFTIRQ] = "softirq",
		[CAUSE_IRQ_WORK] = "irq_work",
		[CAUSE_WORK] = "workqueue",
	};

	return names[kind];
}

const char *cause_text(enum cause_kind kind)
{
	switch (kind) {
	case CAUSE_NOTHING:
		return "nothing recorded";
	case CAUSE_OWN_THREAD:
		return "latvisor's";
	case CAUSE_THROTTLED:
		return "throttled, or the fair server";
	case CAUSE_TIMER:
		return "timer interrupt";
	default:
		return cause_kind_name(kind);
	}
}

const char *cause_advice(enum cause_kind kind)
{
	static const char *const advice[NR_CAUSES] = {
		[CAUSE_NOTHING] = "an SMI, the hardware or an outer "
				  "hypervisor: see what 'run noise' counts",
		[CAUSE_THREAD] = "keep it off that CPU: isolcpus, a cpuset, "
				 "the thread's own affinity",
		[CAUSE_OWN_THREAD] = "give each vCPU a CPU, and leave one to "
				     "the main thread: --cpus",
		[CAUSE_THROTTLED] = "sched_rt_runtime_us = -1; the fair "
				    "server's runtime of that CPU: 0",
		[CAUSE_TIMER] = "nohz_full for that CPU; with one thread "
				"there its tick then stops",
		[CAUSE_IRQ] = "move it: /proc/irq/N/smp_affinity, irqaffinity=",
		[CAUSE_SOFTIRQ] = "move what raises it: nohz_full, "
				  "/proc/irq/N/smp_affinity",
		[CAUSE_IRQ_WORK] = "see what queues it: RCU (rcu_nocbs), perf",
		[CAUSE_WORK] = "workqueue.cpumask, the queue's own cpumask",
	};

	return advice[kind];
}
