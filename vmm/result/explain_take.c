/* SPDX-License-Identifier: BSD-2-Clause */
/* explain_take.c - see explain_take.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/room.h"
#include "vmm/base/text.h"
#include "vmm/machine/vcpu.h"
#include "vmm/result/explain_samples.h"
#include "vmm/result/explain_take.h"

/* That are cut, of a metric. */
#define MOST_TRACED (1u << 20)

/* Without which it is not known whether a vCPU slept. */
#define WAKE_KINDS (TRACE_BIT(TRACE_WAKING) | TRACE_BIT(TRACE_KVM_VCPU_WAKEUP))

/* A metric while its samples come once more. */
struct taking {
	bool wanted;
	struct hist *hist, *early; /* of those beside which nothing was */
	struct series *series;
	uint64_t left_out;
	uint64_t nr_plain, nr_neither;
	struct raw_entry *traced; /* nr_traced; NULL: they are not cut */
	size_t nr_traced, room;
};

struct takings {
	const struct blocks *blocks;
	struct taking of[RESULT_MAX_METRICS];
};

/* What is counted, a part of another, or a mean of several, is not cut. */
static bool can_be_cut(const struct result_metric *m)
{
	return !(m->flags & (METRIC_COUNTED | METRIC_PART | METRIC_NO_SPAN)) &&
	       METRIC_NR_OPS(m->flags) == 1;
}

static enum span_kind kind_of(const struct result_metric *m)
{
	if (m->flags & METRIC_IPI)
		return SPAN_IPI;
	if (m->flags & METRIC_TIMER)
		return SPAN_TIMER;
	if (m->flags & METRIC_RTT)
		return SPAN_RTT;
	return m->flags & METRIC_PULSE ? SPAN_PULSE : SPAN_SELF;
}

static void begin(struct taking *t, const struct result_metric *m,
		  uint64_t lost, bool explain)
{
	t->wanted = m->hist;
	if (!t->wanted)
		return;
	t->left_out = lost;
	t->hist = room_for(1, sizeof(*t->hist), EXPLAIN_ROOM);
	hist_init(t->hist);
	if (m->early) {
		t->early = room_for(1, sizeof(*t->early), EXPLAIN_ROOM);
		hist_init(t->early);
	}
	if (m->series) {
		t->series = room_for(1, sizeof(*t->series), EXPLAIN_ROOM);
		series_init(t->series, m->series->nr / 2);
	}
	if (!explain || !can_be_cut(m))
		return;
	t->room = m->hist->count < MOST_TRACED ? m->hist->count : MOST_TRACED;
	t->traced = room_for(t->room + 1, sizeof(*t->traced), EXPLAIN_ROOM);
}

/* As the guest did, but that it may have said anything. */
static void add_plain(struct taking *t, const struct raw_entry *e)
{
	uint64_t value = (uint64_t)e->value;

	if (t->series)
		series_record(t->series, e->value);
	if (e->value >= 0)
		hist_record(t->hist, value, e->tsc);
	else if (t->early)
		hist_record(t->early, 0 - value, e->tsc);
}

static void take_sample(void *arg, uint32_t index, const struct raw_entry *e)
{
	struct takings *all = arg;
	struct taking *t = &all->of[index];
	uint64_t took = e->value < 0 ? 0 : (uint64_t)e->value;

	if (!t->wanted)
		return;
	switch (blocks_state(all->blocks, e->tsc - took, e->tsc)) {
	case BLOCK_PLAIN:
		t->nr_plain++;
		add_plain(t, e);
		return;
	case BLOCK_NEITHER:
		t->nr_neither++;
		break;
	case BLOCK_TRACED:
		if (t->nr_traced < t->room)
			t->traced[t->nr_traced++] = *e;
		break;
	}
	t->left_out++;
}

static struct span_host host_of(const struct result *r,
				const struct ended_run *run)
{
	struct span_host host = {
		.nr_vcpus = r->nr_vcpus,
		.main_tid = run->trace->main_tid,
		.arms = run->setup->image.note.flags & PAYLOAD_ARMS,
		.blocks = run->trace->blocks,
		.realtime = r->machine.realtime && r->machine.priority > 0,
		.earlier = run->trace->threads,
		.nr_earlier = run->trace->nr_threads};

	for (uint32_t v = 0; v < r->nr_vcpus; v++) {
		host.tid[v] = run->vm->vcpus[v].tid;
		host.cpu[v] = r->vcpus[v].host_cpu;
	}
	host.shows_ipis = spans_show_ipis(run->trace->log, &host);
	return host;
}

/* On which way a sample is when it woke no vCPU that slept or was polled for.
 */
static uint64_t nr_running(const struct explain *x)
{
	for (unsigned int i = 0; i < x->nr_classes; i++)
		if (x->classes[i].path == PATH_RUNNING)
			return x->classes[i].nr + x->classes[i].others;
	return 0;
}

/* What the guest says of its samples, and the events do not bear out. */
static void hear_witness(struct result *r, const struct result_metric *m,
			 const struct explain *x)
{
	uint64_t running = nr_running(x);

	if (x->nr_odd)
		result_verdict(r, VERDICT_ERROR,
			       "metric %s: in %ju of %ju samples the host's "
			       "events do not have the one %s that each is "
			       "the time %s",
			       m->name, (uintmax_t)x->nr_odd,
			       (uintmax_t)(x->nr_odd + x->nr_witnessed),
			       x->kind == SPAN_TIMER ? "deadline" : "IPI",
			       x->kind == SPAN_TIMER ? "from" : "of");
	/* A vCPU may have been woken just then by something else. */
	if (m->blocking && running && !(r->trace.lacks & WAKE_KINDS))
		result_warn(r,
			    "metric %s: in %ju of %ju samples the vCPU was "
			    "awake that they say they wake, by the host's "
			    "events",
			    m->name, (uintmax_t)running,
			    (uintmax_t)x->nr_traced);
}

static void explain_metric(struct result *r, const struct trace_log *log,
			   const struct span_host *host, unsigned int i,
			   const struct taking *t)
{
	const struct result_metric *m = &r->metrics[i];
	struct explain *x = &r->trace.list[r->trace.nr++];

	x->metric = i;
	x->kind = kind_of(m);
	x->watched = r->trace.watched;
	x->nr_plain = t->nr_plain;
	x->nr_neither = t->nr_neither;
	explain_samples(x, m->vcpu, t->traced, t->nr_traced, log, host);
	hear_witness(r, m, x);
}

/* Samples that were cut are the recording's from then on. */
static void record_metric(const struct result_metric *m, struct taking *t,
			  struct recording *to)
{
	if (!to)
		return;
	recording_add(to, m, kind_of(m), t->traced, t->nr_traced);
	t->traced = NULL;
}

static void record_run(const struct result *r, const struct ended_run *run,
		       const struct span_host *host)
{
	struct recording *to = run->recording;

	if (!to)
		return;
	to->taken = true;
	to->trace = *run->trace;
	to->host = *host;
	to->ticks = r->ticks;
	to->tsc_khz = r->machine.tsc_khz;
	memcpy(to->kernel, r->host.kernel, sizeof(to->kernel));
	memcpy(to->kvm_module, r->host.kvm_module, sizeof(to->kvm_module));
}

static void free_taking(struct taking *t)
{
	free(t->hist);
	free(t->early);
	free(t->series);
	free(t->traced);
}

/*
 * What it has is from now on of those beside which nothing was recorded; if
 * there is none, it stays as it is, and false.
 */
static bool keep_plain(struct result_metric *m, struct taking *t)
{
	struct hist *unmet = m->unmet;

	if (t->nr_plain == 0)
		return t->left_out == 0;
	m->unmet = NULL;
	result_drop_samples(m);
	m->unmet = unmet;
	m->hist = t->hist;
	m->early = t->early;
	m->series = t->series;
	m->left_out = t->left_out;
	t->hist = t->early = NULL;
	t->series = NULL;
	return true;
}

static void warn_priced(struct result *r, unsigned int nr)
{
	if (nr)
		result_warn(r,
			    "%u metric%s took less than a block of time: all "
			    "of the samples have the price of recording in "
			    "them; take more of them",
			    nr, plural(nr));
}

/* Only so is the first sample above the limit beside events. */
static void warn_watched(struct result *r, unsigned int nr)
{
	if (nr)
		result_warn(r, "with --break-at events are recorded all the "
			       "time: all samples have the price of it in "
			       "them");
}

void explain_take_metrics(struct result *r, const struct ended_run *run)
{
	const struct span_host host = host_of(r, run);
	struct takings *all = room_for(1, sizeof(*all), EXPLAIN_ROOM);
	unsigned int priced = 0;
	int err;

	record_run(r, run, &host);
	all->blocks = run->trace->blocks;
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		begin(&all->of[i], &r->metrics[i],
		      raw_lost_of(run->raw, r->metrics[i].window_index),
		      r->trace.asked);
	err = raw_each(run->raw, take_sample, all);
	if (err)
		result_verdict(
			r, VERDICT_ERROR,
			"the samples that nothing was recorded beside cannot "
			"be told: %s",
			strerror(-err));
	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		struct taking *t = &all->of[i];

		if (t->traced) {
			explain_metric(r, run->trace->log, &host, i, t);
			record_metric(&r->metrics[i], t, run->recording);
		}
		if (t->wanted && !err && !keep_plain(&r->metrics[i], t))
			priced += result_is_shown(&r->metrics[i]);
		free_taking(t);
	}
	if (run->trace->watched)
		warn_watched(r, priced);
	else
		warn_priced(r, priced);
	free(all);
}
