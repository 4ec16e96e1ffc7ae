/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * many-timers.c - up to 1000 software timers on one APIC timer, which is
 * always programmed for the first of them: what an operating system's timers
 * cost the host, and how late they are run.
 */
#include "guest-firmware/fw.h"

#define MAX_TIMERS 1000

enum {
	PARAM_TIMERS,
	PARAM_PERIOD_US,
	PARAM_MODE,
	PARAM_IDLE,
	PARAM_SAMPLES,
	PARAM_DURATION_S,
	PARAM_WARMUP,
	PARAM_POLL_NS,
	NR_PARAMS
};

/* Its times are an absolute schedule: phase + n * period since the epoch. */
struct soft_timer {
	uint64_t due; /* cycles since the epoch */
	uint64_t period;
};

static struct {
	struct timer timer;
	uint64_t period_lo, period_hi; /* cycles */
	uint64_t samples;	       /* 0: until duration_tsc is over */
	uint64_t duration_tsc;
	uint64_t warmup;
	uint64_t random;
	uint64_t epoch; /* TSC */
	uint64_t nr;
	/* A binary heap: heap[0] is due first, heap[i] before its children. */
	struct soft_timer heap[MAX_TIMERS];
	struct measure lateness; /* of every timer that was run */
	struct measure shared;	 /* of those that were not an interrupt's 1st */
} timers;

/* heap[0] has a new due time: down to where it belongs. */
static void sift_down(void)
{
	struct soft_timer *h = timers.heap;
	const struct soft_timer t = h[0];
	uint64_t nr = timers.nr, i = 0, child;

	while ((child = 2 * i + 1) < nr) {
		if (child + 1 < nr && h[child + 1].due < h[child].due)
			child++;
		if (h[child].due >= t.due)
			break;
		h[i] = h[child];
		i = child;
	}
	h[i] = t;
}

static void add_timer(uint64_t i, struct soft_timer t)
{
	struct soft_timer *h = timers.heap;

	for (; i > 0 && h[(i - 1) / 2].due > t.due; i = (i - 1) / 2)
		h[i] = h[(i - 1) / 2];
	h[i] = t;
}

/* Every timer with a random period, and a random phase in it. */
static void reset_timers(void)
{
	uint64_t spread = timers.period_hi - timers.period_lo + 1;

	for (uint64_t i = 0; i < timers.nr; i++) {
		struct soft_timer t;

		t.period =
			timers.period_lo + random_below(&timers.random, spread);
		t.due = random_below(&timers.random, t.period);
		add_timer(i, t);
	}
}

/*
 * heap[0] was run: its next time that is still to come.  Those that went by
 * before now have no sample of their own: missed.
 */
static void advance(uint64_t now, bool record)
{
	struct soft_timer *t = &timers.heap[0];

	t->due += t->period;
	if (t->due <= now) {
		uint64_t late = now - t->due, missed = late / t->period + 1;

		if (record)
			measure_missed(&timers.lateness, late, t->period,
				       missed);
		t->due += missed * t->period;
	}
	sift_down();
}

static void start(void)
{
	timer_start(&timers.timer);
	timers.epoch = rdtsc_ordered();
}

static bool more(uint64_t nr, uint64_t samples, uint64_t end)
{
	return samples ? nr < samples : timers.heap[0].due < end;
}

static void record_run(uint64_t now, bool shares)
{
	int64_t late = (int64_t)(now - timers.heap[0].due);

	measure_record_signed(&timers.lateness, late, timers.epoch + now);
	if (shares)
		measure_record(&timers.shared, (uint64_t)late,
			       timers.epoch + now);
}

/*
 * Those that are due, the first of them by irq_tsc, as in Linux's
 * hrtimer_interrupt().  How many were run before and are now.
 */
static __attribute__((noinline)) uint64_t run_due(uint64_t irq_tsc, uint64_t nr,
						  uint64_t samples,
						  uint64_t end, bool record)
{
	const struct soft_timer *first = &timers.heap[0];
	uint64_t now = irq_tsc - timers.epoch;
	bool shares = false;

	do {
		if (record)
			record_run(now, shares);
		nr++;
		shares = true;
		now = rdtsc() - timers.epoch;
		advance(now, record);
	} while (first->due <= now && more(nr, samples, end));
	return nr;
}

/*
 * Runs that many timers, or as many as are due until end (cycles since the
 * epoch).  The first of an interrupt was run when its handler began; those
 * that are due as well by then follow in the same interrupt.
 */
static void run_timers(uint64_t samples, uint64_t end, bool record)
{
	const struct soft_timer *first = &timers.heap[0];
	uint64_t nr = 0;

	while (more(nr, samples, end)) {
		timer_wait_until(&timers.timer, timers.epoch + first->due);
		nr = run_due(me()->irq_tsc, nr, samples, end, record);
		lapic_eoi();
	}
}

static bool load_params(void)
{
	struct param_value p[NR_PARAMS];

	params_load(p, NR_PARAMS);
	timers.nr = p[PARAM_TIMERS].lo;
	timers.period_lo = us_to_tsc(p[PARAM_PERIOD_US].lo);
	timers.period_hi = us_to_tsc(p[PARAM_PERIOD_US].hi);
	timers.timer.mode = (enum timer_mode)p[PARAM_MODE].lo;
	timers.timer.idle = idle_load(&p[PARAM_IDLE], &p[PARAM_POLL_NS]);
	timers.timer.scale = apic_scale();
	timers.duration_tsc = us_to_tsc(p[PARAM_DURATION_S].lo * 1000000);
	timers.samples = timers.duration_tsc ? 0 : p[PARAM_SAMPLES].lo;
	timers.warmup = p[PARAM_WARMUP].lo;
	timers.random = rdtsc() | 1;
	if (timers.timer.mode != TIMER_DEADLINE ||
	    fw_boot->flags & BOOT_TSC_DEADLINE)
		return true;
	verdict_skip("this KVM has no TSC-deadline timer: use mode=oneshot");
	return false;
}

/* Of a run of duration_s, or samples.  Divides. */
static void expect_samples(void)
{
	uint64_t nr = timers.samples;

	for (uint64_t i = 0; !timers.samples && i < timers.nr; i++)
		nr += timers.duration_tsc / timers.heap[i].period + 1;
	metric_expect(&timers.lateness, nr);
	metric_expect(&timers.shared, nr);
}

static void many_timers(void)
{
	if (!load_params())
		return;
	timers.lateness = metric_add(
		"lateness", 0, METRIC_SIGNED | METRIC_DEADLINES | METRIC_TIMER,
		timers.samples);
	timers.shared =
		metric_add("shared", 0, METRIC_NO_WINDOW | METRIC_NO_SPAN, 0);
	idle_prepare(&timers.timer.idle);
	if (timers.warmup) {
		reset_timers();
		start();
		run_timers(timers.warmup, 0, false);
		lapic_timer_off();
	}
	reset_timers();
	expect_samples();
	window_begin(&timers.lateness);
	start();
	run_timers(timers.samples, timers.duration_tsc, true);
	window_end(&timers.lateness);
	lapic_timer_off();
	metric_done(&timers.lateness);
	metric_done(&timers.shared);
}

/*
 * A timer that shares an interrupt waits for the recording of the one before.
 * Between the clock reads: div, bsr, call fw_break, call fw_raw_append,
 * call hist_enter_worst, call series_enter_top, call series_turn.
 */
METRICS(METRIC("lateness"), METRIC("shared"));

PAYLOAD("many-timers", many_timers,
	.summary = "up to 1000 software timers on one APIC timer",
	.flags = PAYLOAD_NEEDS_LAPIC, .limit_ms = 5000, .hists = 4,
	.params = {
		{.name = "timers",
		 .help = "software timers",
		 .kind = PARAM_U64,
		 .min = 1,
		 .max = MAX_TIMERS,
		 .def = 100},
		{.name = "period_us",
		 .help = "each has one out of that range, and a phase, random",
		 .kind = PARAM_RANGE,
		 .role = PARAM_ROLE_PERIOD,
		 .min = 10,
		 .max = 10000000,
		 .def = 50000,
		 .def_hi = 150000},
		{.name = "mode",
		 .help = "what is programmed: TSC deadline, or count",
		 .choices = "deadline|oneshot",
		 .kind = PARAM_ENUM},
		PARAM_DESC_IDLE,
		PARAM_DESC_SAMPLES("times that a timer is run", 1000000000000,
				   5000),
		PARAM_DESC_DURATION_S,
		PARAM_DESC_WARMUP("times before the first sample", 100000, 100),
		PARAM_DESC_POLL_NS,
	});
