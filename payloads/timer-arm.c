/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer-arm.c - what programming the APIC timer costs: to start it, to cancel
 * it, to cancel and start it as an hrtimer does at each idle entry and exit,
 * and to start it anew by one write.  By the deadline MSR and by the initial
 * count, in x2APIC mode (MSRs) and in xAPIC mode (memory).
 *
 * The timer is far off: it never fires.
 */
#include "guest-firmware/fw.h"

enum {
	PARAM_SAMPLES,
	PARAM_WARMUP,
	NR_PARAMS
};

#define FAR_US	       20000000
#define FAR_TICKS      0xfffffff0u /* 4 s of KVM's 1 ns ticks */
#define STEP_SLACK_MS  5000
#define COUNTED_ONE_IN 10 /* one is counted for so many that are timed */

static struct {
	uint64_t samples, warmup;
	uint64_t far_tsc; /* from now */
} arm;

/* What a start writes, known before the clock is read. */
static inline uint64_t deadline_far(void)
{
	return rdtsc() + arm.far_tsc;
}

static inline uint64_t count_far(void)
{
	return FAR_TICKS;
}

static inline void deadline_start(uint64_t far)
{
	lapic_timer_deadline(far);
}

static inline void deadline_cancel(uint64_t far)
{
	(void)far;
	lapic_timer_deadline(0);
}

static inline void count_start(uint64_t far)
{
	lapic_timer_count((uint32_t)far);
}

static inline void count_cancel(uint64_t far)
{
	(void)far;
	lapic_timer_count(0);
}

static inline void nothing(uint64_t far)
{
	(void)far;
}

/* before brings the timer into the state that op begins in. */
#define ARM_LOOP(way, name, before, op_1, op_2)                              \
	static void loop_##way##_##name(const struct measure *m, uint64_t n) \
	{                                                                    \
		while (n--) {                                                \
			uint64_t far = way##_far();                          \
			uint64_t t0, t1;                                     \
                                                                             \
			before(far);                                         \
			t0 = rdtsc_ordered();                                \
			op_1(far);                                           \
			op_2(far);                                           \
			t1 = rdtsc_ordered();                                \
			if (m)                                               \
				measure_record(m, t1 - t0, t1);              \
		}                                                            \
	}

ARM_LOOP(deadline, start, deadline_cancel, deadline_start, nothing)
ARM_LOOP(deadline, cancel, deadline_start, deadline_cancel, nothing)
ARM_LOOP(deadline, two, nothing, deadline_cancel, deadline_start)
ARM_LOOP(deadline, merged, nothing, deadline_start, nothing)
ARM_LOOP(deadline, off, nothing, deadline_cancel, nothing)
ARM_LOOP(count, start, count_cancel, count_start, nothing)
ARM_LOOP(count, cancel, count_start, count_cancel, nothing)
ARM_LOOP(count, two, nothing, count_cancel, count_start)
ARM_LOOP(count, merged, nothing, count_start, nothing)
ARM_LOOP(count, off, nothing, count_cancel, nothing)

/* loop prepares each operation, count does nothing but it. */
static const struct arm_test {
	const char *name, *counted;
	void (*loop)(const struct measure *m, uint64_t n);
	void (*count)(const struct measure *m, uint64_t n);
	uint32_t lvtt;
	bool x2apic;
	uint64_t writes;   /* of the timer, each operation */
	uint64_t prepares; /* writes of loop besides */
} tests[] = {
#define TEST(name, loop, count, lvtt, x2apic, writes, prepares)         \
	{                                                               \
		name, name "_count", loop, count, lvtt, x2apic, writes, \
			prepares                                        \
	}
#define TESTS(prefix, way, lvtt, x2apic)                                      \
	TEST(prefix "_start", loop_##way##_start, loop_##way##_merged, lvtt,  \
	     x2apic, 1, 1),                                                   \
		TEST(prefix "_cancel", loop_##way##_cancel, loop_##way##_off, \
		     lvtt, x2apic, 1, 1),                                     \
		TEST(prefix "_cancel_start", loop_##way##_two,                \
		     loop_##way##_two, lvtt, x2apic, 2, 0),                   \
		TEST(prefix "_merged", loop_##way##_merged,                   \
		     loop_##way##_merged, lvtt, x2apic, 1, 0)
	TESTS("deadline", deadline, LAPIC_LVTT_TSCDL, true),
	TESTS("tmict", count, LAPIC_LVTT_ONESHOT, true),
	TESTS("xapic_tmict", count, LAPIC_LVTT_ONESHOT, false),
};
#define NR_TESTS   (sizeof(tests) / sizeof(*tests))
#define NR_COUNTED 8 /* those by MSR, which are counted too */

static const char *why_not(const struct arm_test *t)
{
	if (t->lvtt == LAPIC_LVTT_TSCDL &&
	    !(fw_boot->flags & BOOT_TSC_DEADLINE))
		return "needs TSC-deadline mode";
	if (t->x2apic && !(fw_boot->flags & BOOT_X2APIC))
		return "needs x2APIC";
	return NULL;
}

static void set_up(const struct arm_test *t)
{
	if (fw_x2apic != t->x2apic)
		lapic_set_mode(t->x2apic);
	lapic_timer_mode(t->lvtt);
	/* Each operation but "start" begins with a timer that runs. */
	if (t->lvtt == LAPIC_LVTT_TSCDL)
		deadline_start(deadline_far());
	else
		count_start(count_far());
}

static void time_it(const struct arm_test *t)
{
	const char *reason = why_not(t);
	struct measure m;

	if (reason) {
		metric_skip(t->name, reason);
		return;
	}
	m = metric_add(t->name, 0, METRIC_PER_OP, arm.samples);
	set_up(t);
	t->loop(NULL, arm.warmup);
	window_begin(&m);
	t->loop(&m, arm.samples);
	me()->counts.timers += arm.samples * (t->writes + t->prepares);
	window_end(&m);
	lapic_timer_off();
	metric_done(&m);
}

/*
 * By KVM's count too, which disturbs: after all that is timed.  Only writes of
 * MSRs; the host's events are chosen for the mode that the guest began in.
 */
static void count_it(const struct arm_test *t)
{
	uint64_t n = arm.samples / COUNTED_ONE_IN + 1;
	struct measure m;

	if (why_not(t) || !t->x2apic)
		return;
	m = metric_add(t->counted, 0, METRIC_PER_OP | METRIC_COUNTED, n);
	set_up(t);
	window_begin(&m);
	t->count(&m, n);
	me()->counts.timers += n * t->writes;
	window_end(&m);
	lapic_timer_off();
	metric_done(&m);
}

static void timer_arm(void)
{
	struct param_value p[NR_PARAMS];

	params_load(p, NR_PARAMS);
	arm.samples = p[PARAM_SAMPLES].lo;
	arm.warmup = p[PARAM_WARMUP].lo;
	arm.far_tsc = us_to_tsc(FAR_US);
	for (uint64_t i = 0; i < 2 * NR_TESTS; i++) {
		const struct arm_test *t = &tests[i % NR_TESTS];

		if (!step_begin(i, arm.samples + arm.warmup + STEP_SLACK_MS, 0))
			continue;
		if (i < NR_TESTS)
			time_it(t);
		else
			count_it(t);
		step_end();
	}
}

#define ARM_METRICS(name) METRIC(name), METRIC(name "_count")
#define WAY_METRICS(prefix)                                          \
	ARM_METRICS(prefix "_start"), ARM_METRICS(prefix "_cancel"), \
		ARM_METRICS(prefix "_cancel_start"),                 \
		ARM_METRICS(prefix "_merged")
METRICS(WAY_METRICS("deadline"), WAY_METRICS("tmict"),
	METRIC("xapic_tmict_start"), METRIC("xapic_tmict_cancel"),
	METRIC("xapic_tmict_cancel_start"), METRIC("xapic_tmict_merged"));

/* Between the clock reads: wrmsr. */
PAYLOAD("timer-arm", timer_arm,
	.summary = "what programming the APIC timer costs, in each way",
	.flags = PAYLOAD_NEEDS_LAPIC | PAYLOAD_COUNTS_MSRS, .limit_ms = 60000,
	.hists = NR_TESTS + NR_COUNTED,
	.params = {
		PARAM_DESC_SAMPLES("of each way", 1000000000, 1000),
		PARAM_DESC_WARMUP(
			"operations of each way before the first sample",
			1000000, 20),
	});
