/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer-jitter.c - how late the APIC timer's handler begins, against an
 * absolute schedule: what cyclictest measures, without an operating system.
 * Every vCPU runs it for itself.
 */
#include "guest-firmware/fw.h"
#include "payloads/timer-jitter/schedule.h"

enum {
	PARAM_MODE,
	PARAM_IDLE,
	PARAM_INTERVAL_US,
	PARAM_SAMPLES,
	PARAM_DURATION_S,
	PARAM_WARMUP,
	PARAM_POLL_NS,
	PARAM_PHASE_US,
	PARAM_SWEEP,
	NR_PARAMS
};

#define START_US      100 /* for all vCPUs to see when to start */
#define START_SAMPLES 4	  /* starts of a periodic timer to compare with */
#define START_TRIES   8

static struct {
	struct timer timer;
	bool sweeps;
	uint64_t phase_tsc; /* of each vCPU against the one before */
	struct tsc_time interval;
	uint64_t interval_ticks; /* of the APIC timer */
	uint64_t samples;	 /* 0: until duration_tsc is over */
	uint64_t duration_tsc;
	uint64_t warmup;
	struct measure m[MAX_VCPUS];
	/* The schedules of all vCPUs begin at a time that they share. */
	_Atomic uint64_t nr_ready;
	_Atomic uint64_t start_tsc; /* vCPU 0 writes it; 0: not yet */
} jitter;

/* Starts the periodic timer; how long the clock reads around that took. */
static uint64_t start_period(uint64_t *start)
{
	*start = rdtsc_ordered();
	lapic_timer_count((uint32_t)jitter.interval_ticks);
	return rdtsc_ordered() - *start;
}

static uint64_t usual_start(void)
{
	uint64_t usual = UINT64_MAX, start;

	timer_start(&jitter.timer);
	for (int i = 0; i < START_SAMPLES; i++) {
		uint64_t took = start_period(&start);

		usual = took < usual ? took : usual;
	}
	lapic_timer_off();
	return usual;
}

/*
 * Starts the periodic timer at s->due.  All samples are measured against
 * one clock read here.  If the vCPU lost its CPU between that and the timer's
 * start, which shows in how long the two took, the timer is started again.
 */
static void start_periods(struct schedule *s)
{
	uint64_t start = 0;

	for (int i = 0; i < START_TRIES; i++) {
		lapic_timer_count(0);
		lapic_timer_take();
		pause_until(s->due);
		if (start_period(&start) <= 2 * s->usual)
			break;
	}
	schedule_next(s, start);
	s->shift = start + jitter.interval.cycles - s->due;
	schedule_shift(s, s->shift);
}

/*
 * Once a period was missed it is not known which one an interrupt is of: a KVM
 * with the fix of CVE-2025-71104 lets a timer that expires more than a period
 * late go on from that moment (advance_periodic_target_expiration()), an older
 * one keeps its times.  So it begins anew, at the next time of the schedule,
 * which has no sample then.
 */
static void restart_periods(struct schedule *s)
{
	schedule_miss(s, 0, 1);
	schedule_shift(s, -s->shift);
	start_periods(s);
}

static void record(const struct schedule *s, uint64_t fired)
{
	int64_t late = (int64_t)(fired - s->due);

	measure_record_signed(s->m, late, fired);
	if (s->m->phases)
		phases_record(s->m->phases, s->due, late);
}

static void run_schedule(struct schedule *s, uint64_t samples, uint64_t end_tsc)
{
	bool periodic = jitter.timer.mode == TIMER_PERIODIC;

	for (uint64_t i = 0; samples ? i < samples : s->next.cycles < end_tsc;
	     i++) {
		uint64_t fired, missed;

		if (periodic)
			timer_wait(&jitter.timer);
		else
			timer_wait_until(&jitter.timer, s->due);
		fired = me()->irq_tsc;
		if (s->m)
			record(s, fired);
		lapic_eoi();
		/* What a period that ended since has sent is still to come. */
		missed = schedule_next(s, periodic ? fired : rdtsc());
		if (periodic && missed)
			restart_periods(s);
	}
}

/* The schedule begins at a given time, its first due time is a period later. */
static void start_timer(struct schedule *s, uint64_t at)
{
	timer_start(&jitter.timer);
	schedule_begin(s, at);
	if (jitter.timer.mode == TIMER_PERIODIC)
		start_periods(s);
	else
		schedule_pass(s, 1);
}

/*
 * This vCPU's place in the schedule that all share: one random phase against
 * the host's own tick for all of them, phase_us between two neighbours.
 */
static uint64_t agree_on_start(void)
{
	uint64_t random = rdtsc() | 1, start;

	atomic_fetch_add_explicit(&jitter.nr_ready, 1, memory_order_release);
	if (me()->id == 0) {
		while (atomic_load_explicit(&jitter.nr_ready,
					    memory_order_acquire) < nr_vcpus())
			cpu_relax();
		start = rdtsc() + us_to_tsc(START_US) +
			random_below(&random, jitter.interval.cycles);
		atomic_store_explicit(&jitter.start_tsc, start,
				      memory_order_release);
	}
	do
		start = atomic_load_explicit(&jitter.start_tsc,
					     memory_order_acquire);
	while (start == 0);
	return start + me()->id * jitter.phase_tsc;
}

/* Each window starts its timer anew: the windows' exits are not in it. */
static void run_vcpu(void *arg)
{
	const struct measure *m = arg;
	struct schedule s = {.interval = jitter.interval,
			     .sweeps = jitter.sweeps};
	uint64_t start;

	idle_prepare(&jitter.timer.idle);
	if (jitter.timer.mode == TIMER_PERIODIC)
		s.usual = usual_start();
	if (jitter.warmup) {
		start_timer(&s, rdtsc());
		run_schedule(&s, jitter.warmup, 0);
		lapic_timer_off();
	}
	s.m = m;
	window_begin(m);
	start = agree_on_start();
	start_timer(&s, start);
	run_schedule(&s, jitter.samples,
		     start + jitter.interval.cycles + jitter.duration_tsc);
	window_end(m);
	lapic_timer_off();
	metric_done(m);
}

static bool load_params(void)
{
	struct param_value p[NR_PARAMS];
	uint32_t least_us = 0;

	params_load(p, NR_PARAMS);
	jitter.timer.mode = (enum timer_mode)p[PARAM_MODE].lo;
	jitter.timer.idle = idle_load(&p[PARAM_IDLE], &p[PARAM_POLL_NS]);
	jitter.timer.scale = apic_scale();
	jitter.sweeps =
		jitter.timer.mode != TIMER_PERIODIC && p[PARAM_SWEEP].lo == 0;
	jitter.phase_tsc = us_to_tsc(p[PARAM_PHASE_US].lo);
	jitter.interval = us_to_tsc_time(p[PARAM_INTERVAL_US].lo);
	jitter.interval_ticks =
		p[PARAM_INTERVAL_US].lo * (fw_boot->apic_hz / 1000000);
	jitter.warmup = p[PARAM_WARMUP].lo;
	jitter.duration_tsc = us_to_tsc(p[PARAM_DURATION_S].lo * 1000000);
	jitter.samples = jitter.duration_tsc ? 0 : p[PARAM_SAMPLES].lo;
	if (jitter.timer.mode == TIMER_DEADLINE &&
	    !(fw_boot->flags & BOOT_TSC_DEADLINE)) {
		verdict_skip("this KVM has no TSC-deadline timer: use "
			     "mode=oneshot or mode=periodic");
		return false;
	}
	machine_u32("/hypervisor", "min-timer-period-us", &least_us);
	if (jitter.timer.mode == TIMER_PERIODIC &&
	    p[PARAM_INTERVAL_US].lo < least_us) {
		verdict_skip("KVM slows a periodic timer down to %u us "
			     "(min_timer_period_us): use a longer interval_us",
			     least_us);
		return false;
	}
	return true;
}

static void timer_jitter(void)
{
	if (!load_params())
		return;
	for (uint32_t i = 0; i < nr_vcpus(); i++) {
		jitter.m[i] = metric_add("lateness", i,
					 METRIC_SIGNED | METRIC_DEADLINES |
						 METRIC_PHASES | METRIC_TIMER,
					 jitter.samples);
		if (jitter.duration_tsc)
			metric_expect(&jitter.m[i],
				      jitter.duration_tsc /
						      jitter.interval.cycles +
					      1);
	}
	for (uint32_t i = 1; i < nr_vcpus(); i++)
		on_vcpu(i, run_vcpu, &jitter.m[i]);
	run_vcpu(&jitter.m[0]);
	for (uint32_t i = 1; i < nr_vcpus(); i++)
		vcpu_join(i);
}

/* Between the clock reads: wrmsr. */
METRICS(METRIC("lateness"));
PAYLOAD("timer-jitter", timer_jitter,
	.summary = "lateness of the APIC timer against an absolute schedule",
	.flags = PAYLOAD_NEEDS_LAPIC | PAYLOAD_ARMS, .max_vcpus = MAX_VCPUS,
	.limit_ms = 5000, .hists_per_vcpu = 3,
	.params = {
		{.name = "mode",
		 .help = "what is programmed: TSC deadline, count, or period",
		 .choices = "deadline|oneshot|periodic",
		 .kind = PARAM_ENUM},
		PARAM_DESC_IDLE,
		{.name = "interval_us",
		 .help = "of the schedule",
		 .kind = PARAM_U64,
		 .role = PARAM_ROLE_PERIOD,
		 .min = 10,
		 .max = 1000000,
		 .def = 1000},
		PARAM_DESC_SAMPLES("of each vCPU", 1000000000000, 5000),
		PARAM_DESC_DURATION_S,
		PARAM_DESC_WARMUP("periods before the first sample", 100000,
				  100),
		PARAM_DESC_POLL_NS,
		{.name = "phase_us",
		 .help = "each vCPU's schedule begins that long after the "
			 "one before",
		 .kind = PARAM_U64,
		 .role = PARAM_ROLE_STAGGER,
		 .min = 0,
		 .max = 1000000,
		 .def = 0},
		{.name = "sweep",
		 .help = "through the host's tick; never with mode=periodic",
		 .choices = "on|off",
		 .kind = PARAM_ENUM},
	});
