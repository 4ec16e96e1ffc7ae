/* SPDX-License-Identifier: BSD-2-Clause */
/* traced.c - see traced.h. */
#include <string.h>

#include "tests/unit/traced.h"
#include "tests/unit/unit.h"

void traced_init(struct traced *t)
{
	*t = (struct traced){
		.host = {.nr_vcpus = TRACED_VCPUS, .main_tid = MAIN_TID}};
	for (int v = 0; v < TRACED_VCPUS; v++) {
		t->host.tid[v] = TID(v);
		t->host.cpu[v] = CPU(v);
	}
}

void traced_free(struct traced *t)
{
	trace_log_free(&t->log);
}

void traced_add(struct traced *t, const struct trace_event *e, const char *text)
{
	trace_log_add(&t->log, e, text, text ? strlen(text) : 0);
}

uint32_t traced_vcpu(enum span_kind kind)
{
	return kind == SPAN_RTT ? SENDER : TARGET;
}

#define BY(v)	.cpu = CPU(v), .tid = TID(v)
#define IDLE(v) .cpu = CPU(v), .tid = 0
#define MAIN	.cpu = MAIN_CPU, .tid = MAIN_TID

/* From the thread's wake-up to the entry, of a vCPU that slept. */
#define WOKEN(v)                                              \
	{.kind = TRACE_WAKEUP, IDLE(v), .a = TID(v)},         \
		{.kind = TRACE_SWITCH, IDLE(v), .a = TID(v)}, \
	{                                                     \
		.kind = TRACE_KVM_VCPU_WAKEUP, BY(v), .b = 1  \
	}
#define ENTRY(v)                                         \
	{                                                \
		.kind = TRACE_KVM_ENTRY, BY(v), .a = (v) \
	}
#define IPI(from, to)                                                      \
	{.kind = TRACE_KVM_EXIT, BY(from)},                                \
		{.kind = TRACE_KVM_APIC_IPI, BY(from), .b = (to)},         \
		{.kind = TRACE_KVM_ACCEPT_IRQ, BY(from), .a = (to)},       \
		{.kind = TRACE_WAKING, BY(from), .a = TID(to)}, WOKEN(to), \
		ENTRY(to)

/* The events that end stages, as the kernel has them. */
static const struct trace_event boundaries[NR_SPAN_KINDS][STAGES_MAX] = {
	[SPAN_SELF] = {{.kind = TRACE_KVM_EXIT, BY(TARGET)}, ENTRY(TARGET)},
	[SPAN_IPI] = {IPI(SENDER, TARGET)},
	[SPAN_TIMER] = {{.kind = TRACE_LOCAL_TIMER, IDLE(TARGET)},
			{.kind = TRACE_HRTIMER, IDLE(TARGET)},
			{.kind = TRACE_WAKING, IDLE(TARGET), .a = TID(TARGET)},
			WOKEN(TARGET),
			{.kind = TRACE_KVM_ACCEPT_IRQ, BY(TARGET), .a = TARGET},
			ENTRY(TARGET)},
	[SPAN_RTT] = {IPI(SENDER, TARGET), IPI(TARGET, SENDER)},
	[SPAN_PULSE] = {{.kind = TRACE_KVM_MSI, MAIN},
			{.kind = TRACE_KVM_ACCEPT_IRQ, MAIN, .a = TARGET},
			{.kind = TRACE_WAKING, MAIN, .a = TID(TARGET)},
			WOKEN(TARGET),
			ENTRY(TARGET)},
};

uint64_t traced_sample(struct traced *t, enum span_kind kind, uint64_t begin,
		       const uint64_t *took, uint32_t skip)
{
	unsigned int last = stages_nr(kind) - 1;
	uint64_t tsc = begin;

	for (unsigned int i = 0; i < last; i++) {
		struct trace_event e = boundaries[kind][i];

		tsc += took[i];
		e.tsc = tsc;
		if (!(skip & 1u << i))
			traced_add(t, &e, NULL);
		if (e.kind == TRACE_WAKING && kind != SPAN_TIMER)
			traced_add(t,
				   EVENT(tsc, CPU((uint16_t)e.a - TID(0)), 0,
					 TRACE_CALL_IPI),
				   NULL);
	}
	return tsc + took[last];
}

struct explained traced_cut(struct traced *t, enum span_kind kind,
			    uint64_t begin, uint64_t end)
{
	struct explained e = {.span = {.kind = kind,
				       .vcpu = traced_vcpu(kind),
				       .begin = begin,
				       .end = end}};

	trace_log_sort(&t->log);
	span_cut(&t->log, &t->host, &e.span, &e.cut);
	return e;
}

const uint64_t traced_took[STAGES_MAX] = {10, 11, 12, 13, 14, 15, 16, 17, 18,
					  19, 20, 21, 22, 23, 24, 25, 26};

uint64_t traced_whole(struct traced *t, enum span_kind kind)
{
	traced_init(t);
	return traced_sample(t, kind, TRACED_BEGIN, traced_took, 0);
}

static void assert_same(const struct explained *e, const struct explained *as)
{
	unsigned int nr = stages_nr(e->span.kind);

	assert_int_equal(e->cut.found, as->cut.found);
	assert_int_equal(e->cut.path, as->cut.path);
	assert_int_equal(e->cut.sender, as->cut.sender);
	assert_int_equal(e->cut.target, as->cut.target);
	for (unsigned int i = 0; i < nr; i++)
		assert_int_equal(e->cut.at[i], as->cut.at[i]);
}

void assert_no_boundary(enum span_kind kind, const struct trace_event *e)
{
	struct traced t;
	uint64_t end = traced_whole(&t, kind);
	struct explained as = traced_cut(&t, kind, TRACED_BEGIN, end), is;

	traced_add(&t, e, NULL);
	is = traced_cut(&t, kind, TRACED_BEGIN, end);
	assert_same(&is, &as);
	traced_free(&t);
}

void assert_boundary(enum span_kind kind, unsigned int i,
		     const struct trace_event *e)
{
	struct explained is;
	struct traced t;
	uint64_t end = traced_whole(&t, kind);

	traced_add(&t, e, NULL);
	is = traced_cut(&t, kind, TRACED_BEGIN, end);
	assert_true(is.cut.found & 1u << i);
	assert_int_equal(is.cut.at[i], e->tsc);
	traced_free(&t);
}

void traced_on(struct traced *t, uint64_t tsc, int32_t tid,
	       enum trace_kind kind, uint64_t a, const char *text)
{
	traced_add(t, EVENT(tsc, CPU(TARGET), tid, kind, .a = a), text);
}

void traced_ran(struct traced *t, uint64_t from, uint64_t until, int32_t tid,
		const char *text)
{
	traced_on(t, from, TID(TARGET), TRACE_SWITCH, (uint64_t)tid, text);
	traced_on(t, until, tid, TRACE_SWITCH, TID(TARGET), "vcpu");
}

void traced_irq(struct traced *t, uint64_t from, uint64_t until,
		const char *text)
{
	traced_on(t, from, 0, TRACE_IRQ, 30, text);
	traced_on(t, until, 0, TRACE_IRQ_EXIT, 30, NULL);
}

struct cause traced_cause(struct traced *t)
{
	struct cause c;

	trace_log_sort(&t->log);
	c = cause_find(&t->log, &t->host,
		       &(struct cause_place){.cpu = CPU(TARGET),
					     .vcpu = TARGET,
					     .begin = TRACED_BEGIN,
					     .end = CAUSE_END});
	traced_free(t);
	return c;
}

void assert_cause(struct traced *t, enum cause_kind kind, const char *name,
		  uint64_t tsc)
{
	struct cause c = traced_cause(t);

	assert_int_equal(c.kind, kind);
	assert_string_equal(c.name, name);
	assert_int_equal(c.tsc, tsc);
}
