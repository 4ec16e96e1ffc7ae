/* SPDX-License-Identifier: BSD-2-Clause */
/* traced.h - made-up events of a run, that no kernel recorded. */
#ifndef TESTS_UNIT_TRACED_H
#define TESTS_UNIT_TRACED_H

#include "vmm/result/explain_worst.h"

/* vCPU n has thread TID(n) and CPU(n). */
#define TRACED_VCPUS 3
#define TID(n)	     (100 + (n))
#define CPU(n)	     (4 + (n))
#define MAIN_TID     90
#define MAIN_CPU     3
#define OTHER_TID    55 /* of no thread of ours */

/* Who sends, and who has the handler, in traced_sample(). */
#define SENDER 0
#define TARGET 1

struct traced {
	struct trace_log log;
	struct span_host host;
};

#define EVENT(when, where, who, what, ...)           \
	(&(const struct trace_event){.tsc = (when),  \
				     .cpu = (where), \
				     .tid = (who),   \
				     .kind = (what), \
				     ##__VA_ARGS__})

/* Without events. */
void traced_init(struct traced *t);
void traced_free(struct traced *t);

/* text: NULL: none */
void traced_add(struct traced *t, const struct trace_event *e,
		const char *text);

/* Whose such samples are: of a round trip, who sends first. */
uint32_t traced_vcpu(enum span_kind kind);

/*
 * A sample that slept, whose stages took so long, without the boundaries of
 * skip.  When it ends.
 */
uint64_t traced_sample(struct traced *t, enum span_kind kind, uint64_t begin,
		       const uint64_t *took, uint32_t skip);

/* A span of traced_vcpu(), cut by all events so far. */
struct explained traced_cut(struct traced *t, enum span_kind kind,
			    uint64_t begin, uint64_t end);

/* A sample with every boundary, that slept, and how long its stages take. */
#define TRACED_BEGIN 1000u
extern const uint64_t traced_took[STAGES_MAX];
uint64_t traced_whole(struct traced *t, enum span_kind kind);

/* Such a sample is the same with that event, too. */
void assert_no_boundary(enum span_kind kind, const struct trace_event *e);

/* With that event, its boundary i is there. */
void assert_boundary(enum span_kind kind, unsigned int i,
		     const struct trace_event *e);

#define ASSERT_NONE_TAKEN(kind, ...)                                         \
	do {                                                                 \
		const struct trace_event *const list[] = {__VA_ARGS__};      \
		for (size_t at = 0; at < sizeof(list) / sizeof(*list); at++) \
			assert_no_boundary(kind, list[at]);                  \
	} while (0)
#define VCPU(when, v, what, ...) EVENT(when, CPU(v), TID(v), what, __VA_ARGS__)

/* On the target's CPU. */
void traced_on(struct traced *t, uint64_t tsc, int32_t tid,
	       enum trace_kind kind, uint64_t a, const char *text);

/* Instead of the target. */
void traced_ran(struct traced *t, uint64_t from, uint64_t until, int32_t tid,
		const char *text);
void traced_irq(struct traced *t, uint64_t from, uint64_t until,
		const char *text);

/* What kept the target from running, from TRACED_BEGIN on.  They free t. */
#define CAUSE_END 2000u
struct cause traced_cause(struct traced *t);
void assert_cause(struct traced *t, enum cause_kind kind, const char *name,
		  uint64_t tsc);

#endif
