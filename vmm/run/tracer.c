/* SPDX-License-Identifier: BSD-2-Clause */
/* tracer.c - see tracer.h. */
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>
#include <x86intrin.h>

#include "vmm/base/die.h"
#include "vmm/host/kernel_functions.h"
#include "vmm/host/outside.h"
#include "vmm/host/trace_ring.h"
#include "vmm/run/trace_watch.h"
#include "vmm/run/tracer.h"

#define NS_PER_MS 1000000ull

/* Switching takes some ms, and whatever is measured wants both kinds. */
#define BLOCK_MS  50
#define BUFFER_KB 4096
#define MAX_CPUS  (MAX_VCPUS + 1)

struct tracer {
	struct trace_ring *ring;
	struct outside *outside;
	FILE *functions; /* NULL: their names are not known */
	struct trace_log log;
	struct blocks blocks;
	bool on, watches;
	struct trace_watch watch;
	int err;	  /* -errno: events could not be switched */
	uint64_t lost;	  /* events, until the last block's end */
	uint64_t next_ns; /* CLOCK_MONOTONIC; 0: no block yet */
	struct span_thread *threads;
	unsigned int nr_threads;
};

static unsigned int add_cpu(int *to, unsigned int nr, int cpu)
{
	for (unsigned int i = 0; i < nr; i++)
		if (to[i] == cpu)
			return nr;
	if (cpu >= 0 && nr < MAX_CPUS)
		to[nr++] = cpu;
	return nr;
}

struct tracer *tracer_open(const struct tracer_wish *wish, char *why,
			   size_t why_len)
{
	int list[MAX_CPUS];
	struct trace_ring_wish ring = {.cpus = list,
				       .kinds = wish->kinds,
				       .buffer_kb = BUFFER_KB,
				       .pages = wish->pages};
	struct tracer *t = calloc(1, sizeof(*t));
	unsigned int nr_vcpu_cpus;

	if (!t)
		die_errno("no memory for a trace");
	for (unsigned int i = 0; i < wish->nr; i++)
		ring.nr_cpus = add_cpu(list, ring.nr_cpus, wish->cpus[i]);
	nr_vcpu_cpus = ring.nr_cpus;
	ring.nr_cpus = add_cpu(list, ring.nr_cpus, sched_getcpu());
	t->ring = trace_ring_open(&ring, why, why_len);
	if (!t->ring) {
		free(t);
		return NULL;
	}
	t->watches = wish->watch;
	t->watch.pages = wish->pages;
	t->functions = kernel_functions_open();
	t->outside = outside_open(list, nr_vcpu_cpus);
	return t;
}

void tracer_settle(struct config *config)
{
	char why[160];
	struct tracer *t;

	if (!config->explain)
		return;
	t = tracer_open(&(struct tracer_wish){.kinds = TRACE_EXPLAIN}, why,
			sizeof(why));
	if (!t && config->strict)
		die("--strict wants what --explain is to record: %s", why);
	if (!t)
		warn("--explain: %s", why);
	config->explain = t;
	tracer_close(t);
}

/* What lacks events tells nothing of its samples. */
static void take_block(struct tracer *t)
{
	uint64_t lost;

	trace_ring_drain(t->ring, &t->log);
	lost = trace_ring_lost(t->ring) + t->log.dropped;
	if (lost != t->lost)
		blocks_lost(&t->blocks);
	t->lost = lost;
}

static void switch_events(struct tracer *t, bool on)
{
	int err = trace_ring_switch(t->ring, on);

	if (err && !t->err)
		t->err = err;
}

/* What was written before it goes with the block: it is over by then. */
static void flip(struct tracer *t, bool on)
{
	blocks_end(&t->blocks, __rdtsc());
	switch_events(t, on);
	if (t->on) {
		outside_end(t->outside);
		take_block(t);
	}
	if (on)
		outside_begin(t->outside);
	t->on = on;
	blocks_begin(&t->blocks, __rdtsc(), on);
}

/* now: before which everything is in the ring. */
static void look(struct tracer *t, uint64_t now, unsigned int nr_breaks)
{
	trace_ring_drain(t->ring, &t->log);
	t->lost = trace_ring_lost(t->ring) + t->log.dropped;
	trace_watch_look(&t->watch, &t->log, &t->blocks, now, t->lost,
			 nr_breaks);
}

static void watch_turn(struct tracer *t, unsigned int nr_breaks)
{
	if (!t->on) {
		switch_events(t, true);
		outside_begin(t->outside);
		t->on = true;
	}
	look(t, __rdtsc(), nr_breaks);
}

static void watch_stop(struct tracer *t)
{
	uint64_t now = __rdtsc();

	switch_events(t, false);
	outside_end(t->outside);
	t->on = false;
	look(t, now, t->watch.nr_breaks);
	trace_watch_end(&t->watch, &t->blocks, now);
}

void tracer_turn(struct tracer *t, uint64_t now_ns, unsigned int nr_breaks)
{
	if (t->watches) {
		watch_turn(t, nr_breaks);
		return;
	}
	if (t->next_ns && now_ns < t->next_ns)
		return;
	/* A log that is full stays so. */
	flip(t, !t->on && t->log.dropped == 0);
	t->next_ns = now_ns + BLOCK_MS * NS_PER_MS;
}

void tracer_stop(struct tracer *t)
{
	if (t->watches) {
		if (t->on)
			watch_stop(t);
		return;
	}
	if (t->on)
		flip(t, false);
	blocks_end(&t->blocks, __rdtsc());
	t->next_ns = 0;
}

void tracer_add_vcpu(struct tracer *t, int32_t tid, uint32_t vcpu)
{
	t->threads = reallocarray(t->threads, t->nr_threads + 1,
				  sizeof(*t->threads));
	if (!t->threads)
		die_errno("no memory for a trace");
	t->threads[t->nr_threads++] =
		(struct span_thread){.tid = tid, .vcpu = vcpu};
}

struct explain_trace tracer_trace(struct tracer *t)
{
	trace_log_sort(&t->log);
	kernel_functions_name(t->functions, &t->log);
	return (struct explain_trace){
		.log = &t->log,
		.blocks = &t->blocks,
		.lacks = trace_ring_lacks(t->ring),
		.lost = t->lost,
		.watched = t->watches,
		.outside = outside_counts(t->outside),
		.main_tid = getpid(),
		.err = t->err,
		.threads = t->threads,
		.nr_threads = t->nr_threads,
	};
}

void tracer_end(struct tracer *t)
{
	if (!t)
		return;
	trace_ring_close(t->ring);
	t->ring = NULL;
}

void tracer_close(struct tracer *t)
{
	if (!t)
		return;
	tracer_end(t);
	outside_close(t->outside);
	if (t->functions)
		fclose(t->functions);
	trace_log_free(&t->log);
	blocks_free(&t->blocks);
	free(t->threads);
	free(t);
}
