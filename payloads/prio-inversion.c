/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * prio-inversion.c - vCPU 0 wants a lock that vCPU 1 holds, and something else
 * takes vCPU 1's CPU away.  With a hint to the host before the lock is taken,
 * and without one.
 */
#include "guest-firmware/fw.h"
#include "guest-firmware/prio.h"

enum {
	PARAM_SAMPLES,
	PARAM_BURST_US,
	PARAM_WORK_US,
	PARAM_GAP_US,
	PARAM_WARMUP,
	NR_PARAMS
};

#define HOLDER 1

/* Time that somebody else had is not work: no turn of the loop counts more. */
#define TURN_MAX_US 50

static struct {
	struct measure cost, plain, hint;
	uint64_t samples, warmup; /* rounds, each a wait */
	uint64_t work_tsc, turn_max_tsc;
	struct gap gap;
	uint32_t burst_us;
	uint64_t bursts; /* that vCPU 0 asked for */
	bool boost;	 /* this round: vCPU 0 writes it before its IPI */
	/* vCPU 0 writes: the round in which it wants the lock. */
	_Atomic uint64_t wants __attribute__((aligned(64)));
	/* The holder writes: the round that it waits for, ... */
	_Atomic uint64_t waits __attribute__((aligned(64)));
	_Atomic uint64_t held; /* ... holds the lock in, ... */
	_Atomic uint64_t over; /* ... and is done with. */
	atomic_bool locked __attribute__((aligned(64)));
} inv;

static void take(void)
{
	while (atomic_exchange_explicit(&inv.locked, true,
					memory_order_acquire))
		cpu_relax();
}

static void release(void)
{
	atomic_store_explicit(&inv.locked, false, memory_order_release);
}

/* So much of this vCPU's own time, from when the lock is wanted. */
static __attribute__((noinline)) void work(uint64_t round)
{
	uint64_t last, done = 0;

	wait_for(&inv.wants, round);
	last = rdtsc();
	while (done < inv.work_tsc) {
		uint64_t now = rdtsc(), turn = now - last;

		done += turn < inv.turn_max_tsc ? turn : inv.turn_max_tsc;
		last = now;
	}
}

/* The holder: a round for each IPI. */
static void hold(uint64_t round)
{
	word_store(&inv.waits, round);
	do
		irq_halt();
	while (me()->irq_vector != VECTOR_IPI);
	lapic_eoi();
	if (inv.boost)
		prio_hint(PRIO_BOOST);
	take();
	word_store(&inv.held, round);
	work(round);
	release();
	if (inv.boost)
		prio_hint(PRIO_NORMAL);
	word_store(&inv.over, round);
}

/* Both hints, while nobody wants the CPU. */
static void measure_hints(void)
{
	for (uint64_t i = 0; i < inv.warmup + inv.samples; i++) {
		uint64_t t0, t1;

		if (i == inv.warmup)
			window_begin(&inv.cost);
		t0 = rdtsc_ordered();
		prio_hint_uncounted(PRIO_BOOST);
		prio_hint_uncounted(PRIO_NORMAL);
		t1 = rdtsc_ordered();
		me()->counts.pio += 2;
		if (i >= inv.warmup)
			measure_record(&inv.cost, t1 - t0, t1);
	}
	window_end(&inv.cost);
	metric_done(&inv.cost);
}

static void holder(void *arg)
{
	uint64_t round = 0;

	(void)arg;
	prio_hint(PRIO_NORMAL);
	measure_hints();
	while (round < inv.warmup)
		hold(++round);
	window_begin(&inv.plain);
	while (round < inv.warmup + inv.samples)
		hold(++round);
	window_end(&inv.plain);
	prio_hint(PRIO_BOOST); /* as every vCPU begins */
}

/* vCPU 0: how long it waited for the lock. */
static uint64_t want(uint64_t round, uint64_t *t1)
{
	uint64_t t0;

	wait_for(&inv.waits, round);
	pause_for(gap_next(&inv.gap));
	/* The first of the samples is without, and so is every other one. */
	inv.boost = (round - inv.warmup) % 2 == 0;
	lapic_ipi(HOLDER, VECTOR_IPI);
	wait_for(&inv.held, round);
	prio_rival(inv.burst_us);
	word_store(&inv.wants, round);
	t0 = rdtsc_ordered();
	take();
	*t1 = rdtsc_ordered();
	release();
	inv.bursts++;
	wait_for(&inv.over, round);
	/* A boosted holder has kept it waiting until now. */
	while (prio_bursts() < inv.bursts)
		pause_for(inv.turn_max_tsc);
	return *t1 - t0;
}

/* Without a hint and with one in turns: what changes meanwhile is in both. */
static void measure_waits(void)
{
	uint64_t round = 0, over, t1;

	while (round < inv.warmup)
		want(++round, &t1);
	window_begin(&inv.plain);
	while (round < inv.warmup + inv.samples) {
		uint64_t waited = want(++round, &t1);

		measure_record(inv.boost ? &inv.hint : &inv.plain, waited, t1);
	}
	over = prio_bursts();
	if (over != inv.bursts)
		verdict_error("the rival was called %lu times and came %lu "
			      "times",
			      inv.bursts, over);
	window_end(&inv.plain);
}

static void load_params(void)
{
	struct param_value p[NR_PARAMS];

	params_load(p, NR_PARAMS);
	inv.samples = p[PARAM_SAMPLES].lo;
	inv.warmup = p[PARAM_WARMUP].lo;
	inv.burst_us = (uint32_t)p[PARAM_BURST_US].lo;
	inv.work_tsc = us_to_tsc(p[PARAM_WORK_US].lo);
	inv.turn_max_tsc = us_to_tsc(TURN_MAX_US);
	inv.gap = gap_load(&p[PARAM_GAP_US]);
}

static void prio_inversion(void)
{
	load_params();
	inv.cost = metric_add("hint_cost", HOLDER, METRIC_PER_OP, inv.samples);
	inv.plain =
		metric_add("wait_plain", 0, METRIC_PER_OP | METRIC_DISTURBED,
			   inv.samples - inv.samples / 2);
	inv.hint =
		metric_add("wait_hint", 0,
			   METRIC_PER_OP | METRIC_DISTURBED | METRIC_NO_WINDOW,
			   inv.samples / 2);
	on_vcpu(HOLDER, holder, NULL);
	measure_waits();
	vcpu_join(HOLDER);
	metric_done(&inv.plain);
	metric_done(&inv.hint);
}

/* Between the clock reads: out, pause. */
METRICS(METRIC("hint_cost"), METRIC("wait_plain"), METRIC("wait_hint"));

PAYLOAD("prio-inversion", prio_inversion,
	.summary = "waiting for a lock whose holder's vCPU lost its CPU",
	.flags = PAYLOAD_NEEDS_LAPIC | PAYLOAD_RIVAL, .min_vcpus = 2,
	.limit_ms = 5000, .hists = 3,
	.params = {
		{.name = "samples",
		 .help = "waits for the lock, every other one with a hint",
		 .kind = PARAM_U64,
		 .role = PARAM_ROLE_COUNT,
		 .min = 2,
		 .max = 1000000000,
		 .def = 400},
		{.name = "burst_us",
		 .help = "the rival takes the holder's CPU that long",
		 .kind = PARAM_U64,
		 .role = PARAM_ROLE_PERIOD,
		 .min = 200,
		 .max = PRIO_MAX_BURST_US,
		 .def = 2000},
		{.name = "work_us",
		 .help = "the holder works that long with the lock",
		 .kind = PARAM_U64,
		 .role = PARAM_ROLE_PERIOD,
		 .min = 10,
		 .max = 10000,
		 .def = 500},
		PARAM_DESC_GAP_US("before each round, random", 10, 1000000, 100,
				  500),
		PARAM_DESC_WARMUP("waits before the first sample", 1000, 10),
	});
