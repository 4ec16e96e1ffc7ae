/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * perfetto_cpus.c - see perfetto_parts.h: a track for each CPU, with the thread
 * that it runs and what interrupts that; and one for each vCPU.
 */
#include <inttypes.h>

#include "vmm/report/perfetto_parts.h"
#include "vmm/result/event_text.h"

#define MAX_CPUS  (MAX_VCPUS + 1) /* those of the vCPUs, the main thread's */
#define MAX_DEPTH 16

struct cpu {
	int number;
	struct track track;
	bool known; /* who runs: not before a block's first event */
	int32_t tid;
	uint64_t last_tsc; /* of its last event in this block */
	/* Kinds of events that began what is open, the thread apart. */
	enum trace_kind nested[MAX_DEPTH];
	unsigned int depth;
};

struct vcpu_track {
	struct track track;
	const struct cpu *on; /* NULL: it does not run */
};

struct drawing {
	struct trace_json *j;
	const struct recording *r;
	struct thread_names *names;
	struct cpu cpus[MAX_CPUS];
	unsigned int nr_cpus;
	struct vcpu_track vcpus[MAX_VCPUS];
};

static struct cpu *cpu_of(struct drawing *d, int number)
{
	struct cpu *c = d->cpus;
	char name[PERFETTO_NAME_LEN];

	while (c < d->cpus + d->nr_cpus && c->number != number)
		c++;
	if (c < d->cpus + d->nr_cpus)
		return c;
	if (d->nr_cpus == MAX_CPUS)
		return NULL;
	d->nr_cpus++;
	*c = (struct cpu){
		.number = number,
		.track = {.pid = PID_HOST, .tid = TID_CPU((uint32_t)number)}};
	snprintf(name, sizeof(name), "CPU %d", number);
	trace_json_thread(d->j, &c->track, name);
	return c;
}

static void close_all(struct drawing *d, struct track *t, uint64_t tsc)
{
	while (t->depth > 0)
		track_close(d->j, t, tsc);
}

static void leave_vcpu(struct drawing *d, const struct cpu *c, uint64_t tsc)
{
	int vcpu = c->known ? span_vcpu(&d->r->host, c->tid) : -1;

	if (vcpu < 0 || d->vcpus[vcpu].on != c)
		return;
	close_all(d, &d->vcpus[vcpu].track, tsc);
	d->vcpus[vcpu].on = NULL;
}

static void enter_vcpu(struct drawing *d, const struct cpu *c, uint64_t tsc)
{
	int vcpu = span_vcpu(&d->r->host, c->tid);
	char name[PERFETTO_NAME_LEN];

	if (vcpu < 0)
		return;
	/* Its switch away from another CPU may not have been recorded. */
	close_all(d, &d->vcpus[vcpu].track, tsc);
	d->vcpus[vcpu].on = c;
	snprintf(name, sizeof(name), "CPU %d", c->number);
	track_open(d->j, &d->vcpus[vcpu].track, tsc, name, NULL);
}

/* Nothing is known of it from then on. */
static void stop_cpu(struct drawing *d, struct cpu *c, uint64_t tsc)
{
	leave_vcpu(d, c, tsc);
	close_all(d, &c->track, tsc);
	c->depth = 0;
	c->known = false;
}

static void set_thread(struct drawing *d, struct cpu *c, int32_t tid,
		       uint64_t tsc)
{
	char name[PERFETTO_NAME_LEN];

	stop_cpu(d, c, tsc);
	c->known = true;
	c->tid = tid;
	thread_name(d->names, d->r, tid, name);
	track_open(d->j, &c->track, tsc, name,
		   json_pack("{s:i}", "thread", (int)tid));
	enter_vcpu(d, c, tsc);
}

static void open_nested(struct drawing *d, struct cpu *c,
			const struct trace_event *e)
{
	const struct trace_log *log = d->r->trace.log;
	char name[PERFETTO_NAME_LEN] = "";
	json_t *args = NULL;

	if (c->depth == MAX_DEPTH)
		return;
	if (e->kind == TRACE_IRQ) {
		snprintf(name, sizeof(name), "interrupt %s",
			 trace_log_text(log, e->text));
		args = json_pack("{s:I}", "number", (json_int_t)e->a);
	} else if (e->kind == TRACE_SOFTIRQ) {
		snprintf(name, sizeof(name), "softirq %s", softirq_name(e->a));
	} else if (e->kind == TRACE_WORK) {
		char function[24];

		snprintf(name, sizeof(name), "workqueue");
		snprintf(function, sizeof(function), "%#" PRIx64, e->a);
		args = json_pack("{s:s}", "function", function);
	} else {
		snprintf(name, sizeof(name), "%s",
			 e->kind == TRACE_LOCAL_TIMER ? "timer interrupt"
						      : "irq_work");
	}
	c->nested[c->depth++] = (enum trace_kind)e->kind;
	track_open(d->j, &c->track, e->tsc, name, args);
}

/* With all that is open within it; what began before the block is not. */
static void close_nested(struct drawing *d, struct cpu *c, enum trace_kind kind,
			 uint64_t tsc)
{
	unsigned int depth = c->depth;

	while (depth > 0 && c->nested[depth - 1] != kind)
		depth--;
	for (; depth > 0 && c->depth >= depth; c->depth--)
		track_close(d->j, &c->track, tsc);
}

/* In the guest, from an entry to an exit. */
static void step_guest(struct drawing *d, const struct cpu *c,
		       const struct trace_event *e)
{
	int vcpu = span_vcpu(&d->r->host, e->tid);
	struct track *t;

	if (vcpu < 0 || d->vcpus[vcpu].on != c)
		return;
	t = &d->vcpus[vcpu].track;
	if (e->kind == TRACE_KVM_ENTRY && t->depth == 1)
		track_open(d->j, t, e->tsc, "guest", NULL);
	else if (e->kind == TRACE_KVM_EXIT && t->depth == 2)
		track_close(d->j, t, e->tsc);
}

static void mark(struct drawing *d, struct cpu *c, size_t i)
{
	const struct trace_event *e = &d->r->trace.log->events[i];
	char what[EXPLAIN_WHAT_LEN];

	event_text(d->r->trace.log, &d->r->host, i, what);
	track_mark(d->j, &c->track, e->tsc, trace_kind_name(e->kind),
		   json_pack("{s:s}", "what", what));
}

_Static_assert(TRACE_LOCAL_TIMER_EXIT == TRACE_LOCAL_TIMER + 1 &&
		       TRACE_IRQ_EXIT == TRACE_IRQ + 1 &&
		       TRACE_SOFTIRQ_EXIT == TRACE_SOFTIRQ + 1 &&
		       TRACE_IRQ_WORK_EXIT == TRACE_IRQ_WORK + 1 &&
		       TRACE_WORK_END == TRACE_WORK + 1,
	       "step()");

static void step(struct drawing *d, struct cpu *c, size_t i)
{
	const struct trace_event *e = &d->r->trace.log->events[i];

	switch (e->kind) {
	case TRACE_LOCAL_TIMER:
	case TRACE_IRQ:
	case TRACE_SOFTIRQ:
	case TRACE_IRQ_WORK:
	case TRACE_WORK:
		open_nested(d, c, e);
		break;
	case TRACE_LOCAL_TIMER_EXIT:
	case TRACE_IRQ_EXIT:
	case TRACE_SOFTIRQ_EXIT:
	case TRACE_IRQ_WORK_EXIT:
	case TRACE_WORK_END:
		/* Each is behind its beginning: trace_event.h. */
		close_nested(d, c, (enum trace_kind)(e->kind - 1), e->tsc);
		break;
	case TRACE_SWITCH:
		set_thread(d, c, (int32_t)e->a, e->tsc);
		break;
	default:
		if (e->kind == TRACE_KVM_ENTRY || e->kind == TRACE_KVM_EXIT)
			step_guest(d, c, e);
		mark(d, c, i);
		break;
	}
}

/*
 * Where a switch was not recorded, the next event of another thread tells: see
 * follow() in vmm/result/causes.c.
 */
static void draw_event(struct drawing *d, size_t i)
{
	const struct trace_event *e = &d->r->trace.log->events[i];
	struct cpu *c = cpu_of(d, e->cpu);

	if (!c)
		return;
	if (!c->known || c->tid != e->tid)
		set_thread(d, c, e->tid,
			   c->known && c->tid == 0 ? c->last_tsc : e->tsc);
	c->last_tsc = e->tsc;
	step(d, c, i);
}

/* What is open at its end is cut there: what comes next was not recorded. */
static void draw_block(struct drawing *d, const struct block *b,
		       const struct track *t, size_t nr)
{
	const struct trace_log *log = d->r->trace.log;

	trace_json_slice(d->j, t, b->begin, b->end, "recorded",
			 json_pack("{s:I}", "block", (json_int_t)nr));
	for (size_t i = trace_log_find(log, b->begin);
	     i < log->nr && log->events[i].tsc <= b->end; i++)
		draw_event(d, i);
	for (unsigned int i = 0; i < d->nr_cpus; i++)
		stop_cpu(d, &d->cpus[i], b->end);
}

static void begin_vcpus(struct drawing *d)
{
	char name[PERFETTO_NAME_LEN];

	for (uint32_t v = 0; v < d->r->host.nr_vcpus; v++) {
		d->vcpus[v].track =
			(struct track){.pid = PID_GUEST, .tid = TID_VCPU(v)};
		snprintf(name, sizeof(name), "vCPU %" PRIu32, v);
		trace_json_thread(d->j, &d->vcpus[v].track, name);
	}
}

void perfetto_cpus(struct trace_json *j, const struct recording *r,
		   const struct shown *s)
{
	struct drawing d = {
		.j = j, .r = r, .names = thread_names_new(r->trace.log)};
	const struct track blocks = {.pid = PID_HOST, .tid = TID_BLOCKS};

	begin_vcpus(&d);
	trace_json_thread(j, &blocks, "blocks with events");
	for (size_t i = 0; i < r->trace.blocks->nr; i++)
		if (s->block[i])
			draw_block(&d, &r->trace.blocks->list[i], &blocks, i);
	thread_names_free(d.names);
}
