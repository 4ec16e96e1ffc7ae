/* SPDX-License-Identifier: BSD-2-Clause */
/* metric.c - fills the result area; nothing here is on a measured path. */
#include <stdatomic.h>

#include "guest-firmware/control.h"
#include "guest-firmware/metric.h"
#include "guest-firmware/param.h"
#include "guest-firmware/verdict.h"
#include "guest-firmware/x86.h"

/*
 * All of these pages are on the host, but KVM maps each at the guest's first
 * access: an exit, which belongs before the window.  The memory is all zero.
 */
static void touch_pages(uint64_t start, uint64_t len)
{
	for (uint64_t at = start; at < start + len; at = (at | 4095) + 1)
		*(volatile uint64_t *)at = 0;
}

/* NULL: there is no room. */
static void *heap_take(uint64_t len)
{
	struct result_area *r = fw_result();
	uint64_t at = fw_boot->heap + r->heap_used;

	if (r->heap_used + len > fw_boot->heap_len)
		return NULL;
	r->heap_used += len;
	touch_pages(at, len);
	return (void *)at;
}

/* break_at: see struct hist. */
static struct hist *heap_hist(uint64_t break_at)
{
	struct hist *h = heap_take(sizeof(*h));

	if (!h)
		return NULL;
	hist_init(h);
	h->break_at = break_at;
	return h;
}

/*
 * Gaps have none: they are no samples that follow one another, and halving the
 * blocks would be a gap itself.
 */
static struct series *heap_series(uint64_t asked)
{
	struct series *s = heap_take(sizeof(*s));

	if (s)
		series_init(s, asked);
	return s;
}

/* NULL: this host has no tick, or there is no room, which is no harm. */
static struct phases *heap_phases(void)
{
	struct phases *p = NULL;
	uint32_t tick_ns = 0;

	machine_u32("/hypervisor", "tick-ns", &tick_ns);
	if (tick_ns)
		p = heap_take(sizeof(*p));
	if (p)
		phases_init(p, tick_ns * fw_boot->tsc_khz / 1000000);
	return p;
}

/* The first ring that no metric has; NULL: --raw was not given. */
static struct raw_ring *raw_take(uint32_t metric)
{
	uint64_t len = raw_ring_len(fw_boot->raw_entries);
	gpa_t gpa = fw_boot->raw;

	for (uint32_t i = 0; i < fw_boot->raw_rings; i++, gpa += len) {
		struct raw_ring *ring = (struct raw_ring *)gpa;

		if (ring->used)
			continue;
		touch_pages(gpa, len);
		ring->mask = fw_boot->raw_entries - 1;
		ring->metric = metric;
		__atomic_store_n(&ring->used, 1, __ATOMIC_RELEASE);
		return ring;
	}
	return NULL;
}

static void copy_text(char *to, const char *from, size_t len)
{
	size_t i = 0;

	for (; i + 1 < len && from[i] != '\0'; i++)
		to[i] = from[i];
	to[i] = '\0';
}

static struct metric *metric_new(const char *name)
{
	struct result_area *r = fw_result();
	struct metric *m = &r->metrics[r->nr_metrics];

	if (r->nr_metrics == RESULT_MAX_METRICS)
		return NULL;
	copy_text(m->name, name, sizeof(m->name));
	m->step = (uint32_t)r->step.index;
	r->nr_metrics++;
	return m;
}

/* What two clock reads with nothing between them take: in every sample. */
static uint64_t clock_read_cost(void)
{
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < 16; i++) {
		uint64_t t0 = rdtsc_ordered();
		uint64_t t1 = rdtsc_ordered();

		if (t1 - t0 < least)
			least = t1 - t0;
	}
	return least;
}

/* From now on a step's limits count; index and limits are there already. */
static void step_start(void)
{
	atomic_thread_fence(memory_order_release);
	fw_result()->step.start_tsc = rdtsc();
}

static struct measure metric_make(const char *name, uint32_t vcpu,
				  uint32_t flags, uint64_t asked)
{
	/* --break-at is for times that mean something by themselves. */
	bool breaks = !(flags & (METRIC_COUNTED | METRIC_PART));
	struct hist *hist = heap_hist(breaks ? fw_boot->break_at : 0);
	struct hist *early = flags & METRIC_SIGNED ? heap_hist(0) : NULL;
	bool has_series = !(flags & METRIC_GAPS);
	struct series *series = has_series ? heap_series(asked) : NULL;
	struct hist *missed = flags & METRIC_DEADLINES ? heap_hist(0) : NULL;
	struct phases *phases = flags & METRIC_PHASES ? heap_phases() : NULL;
	struct metric *m = metric_new(name);
	uint32_t index = (uint32_t)(m - fw_result()->metrics);

	if (!m || !hist || (has_series && !series) ||
	    (flags & METRIC_SIGNED && !early) ||
	    (flags & METRIC_DEADLINES && !missed)) {
		verdict_error("no room for metric %s", name);
		for (;;)
			fw_control(CTL_DONE, 0);
	}
	if (fw_result()->clock_read_tsc == 0)
		fw_result()->clock_read_tsc = clock_read_cost();
	m->vcpu = vcpu;
	m->flags = flags;
	m->asked = asked;
	m->hist_gpa = (gpa_t)hist;
	m->early_gpa = (gpa_t)early;
	m->series_gpa = (gpa_t)series;
	m->missed_gpa = (gpa_t)missed;
	m->phases_gpa = (gpa_t)phases;
	return (struct measure){
		.metric = m,
		.hist = hist,
		.early = early,
		.series = series,
		.missed = missed,
		.phases = phases,
		.raw = raw_take(index),
		.window = index,
	};
}

/*
 * The pages of a histogram and of a ring are several hundred, each an exit:
 * no part of a step.  On a slow host they took longer than a first sample may.
 */
struct measure metric_add(const char *name, uint32_t vcpu, uint32_t flags,
			  uint64_t asked)
{
	bool in_step = fw_result()->step.start_tsc != 0;
	struct measure m;

	step_end();
	m = metric_make(name, vcpu, flags, asked);
	if (in_step)
		step_start();
	return m;
}

void metric_name(char name[sizeof(((struct metric *)0)->name)],
		 const char *first, const char *second)
{
	size_t len = 0;

	while (*first && len + 1 < sizeof(((struct metric *)0)->name))
		name[len++] = *first++;
	copy_text(name + len, second, sizeof(((struct metric *)0)->name) - len);
}

void metric_skip(const char *name, const char *reason)
{
	struct metric *m = metric_new(name);

	if (!m)
		return;
	m->status = METRIC_SKIP;
	copy_text(m->reason, reason, sizeof(m->reason));
}

void fw_raw_append(struct raw_ring *r, int64_t value, uint64_t tsc)
{
	/* Bochs' mark for its debugger, which does nothing anywhere else. */
	asm volatile("xchg %bx, %bx");
	raw_append(r, value, tsc);
}

void fw_break(const struct hist *h)
{
	const struct result_area *r = fw_result();
	uint32_t i = 0;

	while (i < r->nr_metrics && r->metrics[i].hist_gpa != (gpa_t)h)
		i++;
	fw_control(CTL_BREAK, i);
}

void window_begin(const struct measure *m)
{
	fw_control(CTL_WINDOW_BEGIN, m->window);
}

void window_end(const struct measure *m)
{
	fw_control(CTL_WINDOW_END, m->window);
}

bool step_begin(uint64_t index, uint64_t limit_ms, uint64_t first_ms)
{
	struct step *s = &fw_result()->step;

	if (index < fw_boot->resume_step)
		return false;
	s->index = index;
	s->limit_tsc = limit_ms * fw_boot->tsc_khz;
	s->first_tsc = first_ms * fw_boot->tsc_khz;
	step_start();
	return true;
}

void step_end(void)
{
	fw_result()->step.start_tsc = 0;
}
