/* SPDX-License-Identifier: BSD-2-Clause */
/* test_span_paths.c - which way a sample took; and what holds of any events. */
#include <string.h>

#include "tests/unit/traced.h"
#include "tests/unit/unit.h"

#define BEGIN	 1000u
#define END	 2000u
#define NR_LISTS 3000u

/* The way of a sample with that, all on the target's CPU. */
static enum span_path path(enum span_kind kind, unsigned int nr,
			   const struct trace_event *const *events)
{
	struct explained e;
	struct traced t;

	traced_init(&t);
	for (unsigned int i = 0; i < nr; i++)
		traced_add(&t, events[i], NULL);
	e = traced_cut(&t, kind, BEGIN, END);
	traced_free(&t);
	return e.cut.path;
}

/* With events of an IPI, one after the other; the last ones NULL. */
static enum span_path path_of(const struct trace_event *a,
			      const struct trace_event *b,
			      const struct trace_event *c)
{
	const struct trace_event *const events[] = {a, b, c};

	return path(SPAN_IPI, c ? 3 : b ? 2 : a ? 1 : 0, events);
}

static const struct trace_event waking = {.tsc = 1100,
					  .cpu = CPU(SENDER),
					  .tid = TID(SENDER),
					  .kind = TRACE_WAKING,
					  .a = TID(TARGET)};
/* It says who is who. */
static const struct trace_event ipi = {.tsc = 1050,
				       .cpu = CPU(SENDER),
				       .tid = TID(SENDER),
				       .kind = TRACE_KVM_ACCEPT_IRQ,
				       .a = TARGET};

TEST(path_slept_is_one_whose_cpu_was_woken)
{
	const enum trace_kind wake[] = {TRACE_CALL_IPI, TRACE_RESCHEDULE_IPI,
					TRACE_LOCAL_TIMER};

	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(path_of(&waking,
					 EVENT(1200, CPU(TARGET), 0, wake[i]),
					 NULL),
				 PATH_SLEPT);
		/* It found the CPU at work; it is of another CPU. */
		assert_int_equal(
			path_of(&waking,
				EVENT(1200, CPU(TARGET), OTHER_TID, wake[i]),
				NULL),
			PATH_AWAKE);
		assert_int_equal(
			path_of(&waking, EVENT(1200, CPU(2), 0, wake[i]), NULL),
			PATH_AWAKE);
		assert_int_equal(path_of(EVENT(1200, CPU(TARGET), 0, wake[i]),
					 NULL, NULL),
				 PATH_RUNNING);
	}
	assert_int_equal(path_of(&waking,
				 EVENT(1200, CPU(TARGET), 0, TRACE_HRTIMER),
				 NULL),
			 PATH_AWAKE);
}

TEST(path_polled_is_one_that_kvm_polled_for)
{
	const struct trace_event *polled =
		EVENT(1300, CPU(TARGET), TID(TARGET), TRACE_KVM_VCPU_WAKEUP);
	const struct trace_event *waited = EVENT(1400, CPU(TARGET), TID(TARGET),
						 TRACE_KVM_VCPU_WAKEUP, .b = 1);

	assert_int_equal(path_of(polled, NULL, NULL), PATH_POLLED);
	assert_int_equal(path_of(waited, NULL, NULL), PATH_RUNNING);
	/* The last one says it. */
	assert_int_equal(path_of(polled, waited, NULL), PATH_RUNNING);
	assert_int_equal(path_of(&waking, polled, NULL), PATH_AWAKE);
	assert_int_equal(
		path_of(EVENT(1300, CPU(2), TID(2), TRACE_KVM_VCPU_WAKEUP),
			NULL, NULL),
		PATH_RUNNING);
}

TEST(path_running_is_one_without_anything_else)
{
	assert_int_equal(path_of(NULL, NULL, NULL), PATH_RUNNING);
	assert_int_equal(path_of(EVENT(1100, CPU(SENDER), TID(SENDER),
				       TRACE_WAKING, .a = TID(2)),
				 NULL, NULL),
			 PATH_RUNNING);
}

/* A switch on a CPU from one thread to another. */
static const struct trace_event *to(int cpu, int32_t from, int32_t next)
{
	static struct trace_event e;

	e = *EVENT(1300, (uint16_t)cpu, from, TRACE_SWITCH,
		   .a = (uint64_t)next);
	return &e;
}

TEST(path_preempted_is_one_that_another_thread_had_a_cpu_of)
{
	static const int32_t others[] = {OTHER_TID, MAIN_TID, TID(2)};
	const struct trace_event *events[] = {&ipi, NULL};

	for (unsigned int i = 0; i < 3; i++) {
		events[1] = to(CPU(TARGET), TID(TARGET), others[i]);
		assert_int_equal(path_of(events[1], NULL, NULL),
				 PATH_PREEMPTED);
		assert_int_equal(path_of(&waking, events[1], NULL),
				 PATH_PREEMPTED);
		assert_int_equal(path(SPAN_SELF, 2, events), PATH_PREEMPTED);
		/* Of a round trip it is another's, until its IPI. */
		assert_int_equal(path(SPAN_RTT, 1, events + 1), PATH_RUNNING);
		assert_int_equal(path(SPAN_RTT, 2, events), PATH_PREEMPTED);
		events[1] = to(CPU(SENDER), 0, others[i]);
		assert_int_equal(path_of(&ipi, events[1], NULL),
				 PATH_PREEMPTED);
		assert_int_equal(path(SPAN_RTT, 1, events + 1), PATH_PREEMPTED);
		/* Who sends nothing is no sender; a timer has none. */
		assert_int_equal(path_of(events[1], NULL, NULL), PATH_RUNNING);
		assert_int_equal(path(SPAN_TIMER, 2, events), PATH_RUNNING);
	}
	/* One of the two on the other's CPU is another thread there. */
	assert_int_equal(
		path_of(to(CPU(TARGET), TID(TARGET), TID(SENDER)), NULL, NULL),
		PATH_PREEMPTED);
}

TEST(path_is_not_preempted_by_the_idle_task_or_itself)
{
	assert_int_equal(path_of(to(CPU(TARGET), TID(TARGET), 0), NULL, NULL),
			 PATH_RUNNING);
	assert_int_equal(path_of(to(CPU(TARGET), 0, TID(TARGET)), NULL, NULL),
			 PATH_RUNNING);
	assert_int_equal(path_of(&ipi, to(CPU(SENDER), TID(SENDER), 0), NULL),
			 PATH_RUNNING);
	assert_int_equal(path_of(&ipi, to(CPU(SENDER), 0, TID(SENDER)), NULL),
			 PATH_RUNNING);
	assert_int_equal(path_of(&ipi, to(CPU(2), TID(2), OTHER_TID), NULL),
			 PATH_RUNNING);
	/* Only a switch gives it away. */
	assert_int_equal(path_of(&ipi,
				 EVENT(1300, CPU(TARGET), OTHER_TID,
				       TRACE_WAKING, .a = OTHER_TID),
				 NULL),
			 PATH_RUNNING);
}

TEST(path_names_are_theirs)
{
	assert_string_equal(span_path_name(PATH_SLEPT), "slept");
	assert_string_equal(span_path_name(PATH_AWAKE), "CPU awake");
	assert_string_equal(span_path_name(PATH_POLLED), "polled");
	assert_string_equal(span_path_name(PATH_RUNNING), "running");
	assert_string_equal(span_path_name(PATH_PREEMPTED), "preempted");
}

TEST(span_vcpu_knows_threads_that_vcpus_were)
{
	static const struct span_thread earlier[] = {
		{70, 1}, {71, 2}, {TID(2), 0}, {72, 7}};
	struct traced t;

	traced_init(&t);
	assert_int_equal(span_vcpu(&t.host, 70), -1);
	t.host.earlier = earlier;
	t.host.nr_earlier = 3;
	for (int v = 0; v < TRACED_VCPUS; v++)
		assert_int_equal(span_vcpu(&t.host, TID(v)), v);
	assert_int_equal(span_vcpu(&t.host, 70), 1);
	assert_int_equal(span_vcpu(&t.host, 71), 2);
	assert_int_equal(span_vcpu(&t.host, 72), -1);
	assert_int_equal(span_vcpu(&t.host, 0), -1);
	assert_int_equal(span_vcpu(&t.host, MAIN_TID), -1);
	t.host.nr_vcpus = 2;
	assert_int_equal(span_vcpu(&t.host, TID(2)), 0);
}

/* The guest was started anew since, with other threads. */
TEST(stages_of_earlier_threads_are_the_same)
{
	static const struct span_thread earlier[] = {
		{TID(2), 2}, {TID(1), 1}, {TID(0), 0}};

	for (enum span_kind kind = 0; kind < NR_SPAN_KINDS; kind++) {
		struct explained is;
		struct traced t;
		uint64_t end = traced_whole(&t, kind);

		for (int v = 0; v < TRACED_VCPUS; v++)
			t.host.tid[v] = 200 + v;
		t.host.earlier = earlier;
		t.host.nr_earlier = 3;
		is = traced_cut(&t, kind, TRACED_BEGIN, end);
		assert_int_equal(is.cut.found, (1u << stages_nr(kind)) - 1);
		assert_int_equal(is.cut.path,
				 kind == SPAN_SELF ? PATH_RUNNING : PATH_SLEPT);
		traced_free(&t);
	}
}

/* Threads, CPUs and numbers that mean something, from 900 to 2100. */
static void add_any(struct traced *t, enum span_kind kind, struct rng *rng)
{
	static const int32_t tids[] = {0, MAIN_TID, OTHER_TID, 100, 101, 102};
	static const uint64_t numbers[] = {0,	1,   2,	  OTHER_TID,
					   100, 101, 102, UINT64_MAX};
	uint64_t nr = rng_below(rng, 12 * stages_nr(kind));

	for (uint64_t i = 0; i < nr; i++) {
		uint64_t stage = rng_below(rng, stages_nr(kind) - 1);
		unsigned int what =
			(unsigned int)rng_below(rng, NR_TRACE_KINDS);

		/* Most are those that it is cut by. */
		if (rng_below(rng, 4))
			what = stage_event(kind, (unsigned int)stage);
		traced_add(t,
			   EVENT(900 + rng_below(rng, 1200),
				 (uint16_t)(3 + rng_below(rng, 4)),
				 tids[rng_below(rng, 6)], (uint8_t)what,
				 .a = numbers[rng_below(rng, 8)],
				 .b = numbers[rng_below(rng, 8)]),
			   NULL);
	}
}

/* Is there such an event in it? */
static bool happened(const struct traced *t, uint64_t tsc, enum trace_kind kind)
{
	for (size_t i = 0; i < t->log.nr; i++)
		if (t->log.events[i].tsc == tsc &&
		    t->log.events[i].kind == kind)
			return true;
	return false;
}

static void check(const struct traced *t, const struct explained *e)
{
	unsigned int last = stages_nr(e->span.kind) - 1;
	uint64_t before = e->span.begin, sum = 0;

	assert_int_equal(e->cut.found >> last, 1);
	assert_int_equal(e->cut.at[last], e->span.end);
	assert_in_range(e->cut.path, 0, NR_SPAN_PATHS - 1);
	for (unsigned int i = 0; i <= last; i++) {
		if (!(e->cut.found & 1u << i))
			continue;
		assert_in_range(e->cut.at[i], before, e->span.end);
		if (i < last)
			assert_true(happened(t, e->cut.at[i],
					     stage_event(e->span.kind, i)));
		sum += explained_stage(e, i);
		before = e->cut.at[i];
	}
	assert_int_equal(sum, e->span.end - e->span.begin);
}

TEST(stages_add_up_to_the_sample_whatever_happens)
{
	struct rng rng = {.state = 4711};
	uint32_t found[NR_SPAN_KINDS] = {0}, paths = 0;

	for (unsigned int i = 0; i < NR_LISTS; i++) {
		enum span_kind kind = (enum span_kind)(i % NR_SPAN_KINDS);
		uint64_t begin = 1000 + rng_below(&rng, 10);
		struct explained e;
		struct traced t;

		traced_init(&t);
		add_any(&t, kind, &rng);
		e = traced_cut(&t, kind, begin, begin + rng_below(&rng, 1001));
		check(&t, &e);
		found[kind] |= e.cut.found;
		paths |= 1u << e.cut.path;
		traced_free(&t);
	}
	/* Each boundary and each way came at least once. */
	for (enum span_kind kind = 0; kind < NR_SPAN_KINDS; kind++)
		assert_int_equal(found[kind], (1u << stages_nr(kind)) - 1);
	assert_int_equal(paths, (1u << NR_SPAN_PATHS) - 1);
}
