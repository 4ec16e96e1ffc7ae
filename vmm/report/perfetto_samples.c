/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * perfetto_samples.c - see perfetto_parts.h: samples and their stages, as
 * slices in slices, and an arrow to each from what sent it.
 */
#include <inttypes.h>

#include "vmm/report/perfetto_parts.h"
#include "vmm/result/explain_worst.h"

/*
 * Samples of a metric that overlap, as several late timers' do, have tracks
 * beside each other.  The worst have some for themselves: none is left out.
 */
#define LANES_ALL  48u
#define LANES_MOST (LANES_ALL + EXPLAIN_WORST)

struct lanes {
	const struct recorded_metric *metric;
	uint32_t first_tid;
	unsigned int nr;	   /* that have a name */
	uint64_t free[LANES_MOST]; /* from when on */
};

static void name_lane(struct trace_json *j, const struct lanes *l,
		      const struct track *t, unsigned int lane)
{
	char name[128];
	int len = snprintf(name, sizeof(name), "vCPU %" PRIu32 " samples: %s",
			   l->metric->vcpu, l->metric->name);

	if (lane)
		snprintf(name + len, sizeof(name) - (size_t)len, " (%u)",
			 lane + 1);
	trace_json_thread(j, t, name);
}

/* A track on which nothing is at its time; false: there is none. */
static bool find_lane(struct trace_json *j, struct lanes *l,
		      const struct shown_sample *s, struct track *t)
{
	unsigned int most = s->worst ? LANES_MOST : LANES_ALL;

	for (unsigned int i = 0; i < most; i++) {
		if (l->free[i] > s->span.begin)
			continue;
		l->free[i] = s->span.end;
		*t = (struct track){.pid = PID_GUEST, .tid = l->first_tid + i};
		for (; l->nr <= i; l->nr++)
			name_lane(j, l,
				  &(struct track){.pid = PID_GUEST,
						  .tid = l->first_tid + l->nr},
				  l->nr);
		return true;
	}
	return false;
}

static json_t *took(const struct recording *r, uint64_t ticks)
{
	return json_ticks(&r->ticks, r->tsc_khz, (int64_t)ticks);
}

static void draw_stages(struct trace_json *j, const struct recording *r,
			const struct explained *e, const struct track *t)
{
	char name[STAGE_NAME_LEN];

	for (unsigned int i = 0; i < stages_nr(e->span.kind); i++) {
		uint64_t end = e->cut.at[i];

		if (!(e->cut.found & 1u << i))
			continue;
		stage_name(e->span.kind, e->cut.found, i, name);
		trace_json_slice(j, t, end - explained_stage(e, i), end, name,
				 took(r, explained_stage(e, i)));
	}
}

/* Is it where a sample comes from: what sends an IPI, a timer, a device? */
static bool is_source(enum trace_kind kind)
{
	return kind == TRACE_KVM_APIC_IPI || kind == TRACE_KVM_ACCEPT_IRQ ||
	       kind == TRACE_LOCAL_TIMER || kind == TRACE_HRTIMER ||
	       kind == TRACE_KVM_MSI;
}

/* The event of its first boundary that is one; NULL: none was recorded. */
static const struct trace_event *find_source(const struct recording *r,
					     const struct explained *e)
{
	const struct trace_log *log = r->trace.log;

	for (unsigned int k = 0; k + 1 < stages_nr(e->span.kind); k++) {
		enum trace_kind kind = stage_event(e->span.kind, k);

		if (!(e->cut.found & 1u << k) || !is_source(kind))
			continue;
		for (size_t i = trace_log_find(log, e->cut.at[k]);
		     i < log->nr && log->events[i].tsc == e->cut.at[k]; i++)
			if (log->events[i].kind == kind)
				return &log->events[i];
	}
	return NULL;
}

static void draw_arrow(struct trace_json *j, const struct recording *r,
		       const struct explained *e, const struct track *t,
		       uint64_t id)
{
	const struct trace_event *source = find_source(r, e);
	struct track from = {.pid = PID_HOST};

	if (!source)
		return;
	from.tid = TID_CPU((uint32_t)source->cpu);
	trace_json_arrow(j, id, (struct arrow_end){&from, source->tsc},
			 (struct arrow_end){t, e->span.end});
}

/* Named by its way, and its place among the worst. */
static void draw_sample(struct trace_json *j, const struct recording *r,
			const struct shown_sample *s, const struct track *t,
			uint64_t id)
{
	struct explained e = {.span = s->span};
	char name[64];
	json_t *args;

	span_cut(r->trace.log, &r->host, &e.span, &e.cut);
	snprintf(name, sizeof(name), "%s", span_path_name(e.cut.path));
	if (s->worst)
		snprintf(name, sizeof(name), "%s, worst %u",
			 span_path_name(e.cut.path), s->worst);
	args = took(r, s->span.end - s->span.begin);
	trace_json_slice(j, t, s->span.begin, s->span.end, name, args);
	draw_stages(j, r, &e, t);
	draw_arrow(j, r, &e, t, id);
}

size_t perfetto_samples(struct trace_json *j, const struct recording *r,
			const struct shown *s)
{
	size_t no_room = 0;
	uint64_t id = 0;

	for (unsigned int i = 0; i < r->nr; i++) {
		struct lanes lanes = {.metric = &r->metrics[i],
				      .first_tid =
					      TID_SAMPLES + i * LANES_MOST};
		const struct shown_metric *m = &s->metrics[i];
		struct track t;

		for (size_t k = 0; k < m->nr; k++)
			if (find_lane(j, &lanes, &m->samples[k], &t))
				draw_sample(j, r, &m->samples[k], &t, ++id);
			else
				no_room++;
	}
	return no_room;
}
