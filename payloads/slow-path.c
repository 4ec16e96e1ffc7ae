/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * slow-path.c - vCPU 0 writes a register that does the same wherever it is
 * handled: by KVM, by the vCPU's own thread, by a helper thread, and by that
 * behind a lock that vCPU 1's exits hold.  What does each step away cost?
 *
 * In turns of a few samples each, so that what drifts is in all of them alike.
 */
#include "guest-firmware/fw.h"
#include "guest-firmware/slow_path.h"

#define CONTENDER 1

/* Samples of each place in a turn: around them are two exits for the window. */
#define BLOCK 16u

/* The helper does not come to the lock within SLOW_AWAIT_US, so often. */
#define MOST_TRIES 8u

#define END UINT64_MAX

enum {
	PARAM_HOLD_US,
	PARAM_SAMPLES,
	PARAM_WARMUP,
	NR_PARAMS
};

static const char *const names[NR_SLOW_PLACES] = {
	[SLOW_KERNEL] = "kernel",
	[SLOW_INLINE] = "inline",
	[SLOW_HELPER] = "helper",
	[SLOW_LOCKED] = "helper_locked",
};

static struct {
	struct measure floor, m[NR_SLOW_PLACES], gain[NR_SLOW_PLACES];
	uint64_t samples, warmup;
	uint32_t nr_places;
	bool is_measured;		 /* else it is the warm-up */
	uint64_t writes[NR_SLOW_PLACES]; /* by vCPU 0 */
	uint64_t holds;			 /* that vCPU 0 asked for */
	uint64_t cost[NR_SLOW_PLACES][BLOCK];
	/* vCPU 0 writes: the hold that it wants, or END. */
	_Atomic uint64_t wants __attribute__((aligned(64)));
	/* vCPU 1 writes: those that are over. */
	_Atomic uint64_t over __attribute__((aligned(64)));
} slow;

static struct slow_hold hold __attribute__((aligned(SLOW_ALIGN)));

/* vCPU 1: holds the lock as often as it is wanted, in exits of its own. */
static void contend(void *arg)
{
	const struct measure *m = arg;
	uint64_t nr = word_load(&slow.over);

	if (m)
		window_begin(m);
	for (;;) {
		wait_for(&slow.wants, ++nr);
		if (word_load(&slow.wants) == END)
			break;
		slow_hold(&hold);
		word_count(&slow.over);
	}
	if (m)
		window_end(m);
}

/* m: its window is there on vCPU 1, too; NULL: the warm-up. */
static void contender_start(struct measure *m)
{
	word_store(&slow.wants, slow.holds);
	on_vcpu(CONTENDER, contend, m);
}

static void contender_end(void)
{
	word_store(&slow.wants, END);
	vcpu_join(CONTENDER);
}

static __attribute__((noinline)) uint64_t timed_write(enum slow_place place,
						      uint64_t *t1)
{
	slow.writes[place]++;
	return slow_write(place, t1);
}

/*
 * While vCPU 1 has the lock, and until the helper did wait for it: a host may
 * keep that from its CPU for longer than the lock is held for it.
 */
static bool contended_write(uint64_t *cost, uint64_t *t1)
{
	uint64_t before = slow_nr_contended(&hold);

	for (uint32_t i = 0; i < MOST_TRIES; i++) {
		word_store(&slow.wants, ++slow.holds);
		slow_await_hold(&hold, slow.holds);
		*cost = timed_write(SLOW_LOCKED, t1);
		wait_for(&slow.over, slow.holds);
		if (slow_nr_contended(&hold) != before)
			return true;
	}
	return false;
}

static bool take(enum slow_place place, uint64_t *cost, uint64_t *t1)
{
	if (place == SLOW_LOCKED)
		return contended_write(cost, t1);
	*cost = timed_write(place, t1);
	return true;
}

static bool take_block(enum slow_place place, uint64_t nr)
{
	const struct measure *m = &slow.m[place];
	bool ok = true;

	if (slow.is_measured)
		window_begin(m);
	for (uint64_t i = 0; i < nr && ok; i++) {
		uint64_t t1;

		ok = take(place, &slow.cost[place][i], &t1);
		if (ok && slow.is_measured)
			measure_record(m, slow.cost[place][i], t1);
	}
	if (slow.is_measured)
		window_end(m);
	return ok;
}

static void take_floor(uint64_t nr)
{
	while (slow.is_measured && nr--) {
		uint64_t t0 = rdtsc_ordered(), t1 = rdtsc_ordered();

		measure_record(&slow.floor, t1 - t0, t1);
	}
}

/* A few samples of each; false: the lock was not contended. */
static bool take_turn(uint64_t nr)
{
	uint64_t now;

	for (uint32_t p = 0; p < slow.nr_places; p++)
		if (!take_block((enum slow_place)p, nr))
			return false;
	take_floor(nr);
	now = rdtsc();
	for (uint32_t p = 0; p < slow.nr_places && slow.is_measured; p++)
		for (uint64_t i = 0; i < nr && p != SLOW_INLINE; i++)
			measure_record_signed(
				&slow.gain[p],
				(int64_t)(slow.cost[SLOW_INLINE][i] -
					  slow.cost[p][i]),
				now);
	return true;
}

static bool take_turns(uint64_t nr)
{
	while (nr) {
		uint64_t n = nr < BLOCK ? nr : BLOCK;

		if (!take_turn(n))
			return false;
		nr -= n;
	}
	return true;
}

static void add_metrics(void)
{
	char name[sizeof(slow.floor.metric->name)];

	slow.floor = metric_add("rdtsc", 0, METRIC_PER_OP | METRIC_NO_WINDOW,
				slow.samples);
	for (uint32_t p = 0; p < slow.nr_places; p++)
		slow.m[p] =
			metric_add(names[p], 0, METRIC_PER_OP, slow.samples);
	for (uint32_t p = 0; p < slow.nr_places; p++) {
		if (p == SLOW_INLINE)
			continue;
		metric_name(name, "gain_", names[p]);
		slow.gain[p] = metric_add(name, 0, METRIC_PART | METRIC_SIGNED,
					  slow.samples);
		slow.m[p].metric->base = slow.m[SLOW_INLINE].window + 1;
		slow.m[p].metric->gain = slow.gain[p].window + 1;
	}
}

static void metrics_done(void)
{
	metric_done(&slow.floor);
	for (uint32_t p = 0; p < slow.nr_places; p++) {
		metric_done(&slow.m[p]);
		if (p != SLOW_INLINE)
			metric_done(&slow.gain[p]);
	}
}

/* Each of them once, where it belongs, and before the vCPU went on. */
static void check_writes(void)
{
	for (uint32_t p = 0; p < NR_SLOW_PLACES; p++) {
		uint32_t handled = slow_nr_writes((enum slow_place)p);

		if (handled != (uint32_t)slow.writes[p])
			verdict_error("%lu writes were made to %s, %u were "
				      "handled there",
				      slow.writes[p], names[p], handled);
	}
}

/* How many places can be measured; without the last one it says why. */
static uint32_t warm_up(void)
{
	uint64_t cost, t1;
	bool contended = false;

	slow.nr_places = SLOW_LOCKED;
	if (nr_vcpus() > CONTENDER) {
		contender_start(NULL);
		contended = contended_write(&cost, &t1);
		slow.nr_places += contended;
	}
	contended = take_turns(slow.warmup) && contended;
	if (nr_vcpus() > CONTENDER)
		contender_end();
	if (!contended)
		metric_skip(names[SLOW_LOCKED],
			    nr_vcpus() > CONTENDER
				    ? "its lock was not contended in 8 tries"
				    : "needs a vCPU that contends the lock: "
				      "--vcpus 2");
	return SLOW_LOCKED + contended;
}

static void slow_path(void)
{
	struct param_value p[NR_PARAMS];
	bool whole;

	params_load(p, NR_PARAMS);
	hold.hold_us = (uint32_t)p[PARAM_HOLD_US].lo;
	slow.samples = p[PARAM_SAMPLES].lo;
	slow.warmup = p[PARAM_WARMUP].lo;
	slow.nr_places = warm_up();
	add_metrics();
	slow.is_measured = true;
	if (slow.nr_places == NR_SLOW_PLACES)
		contender_start(&slow.m[SLOW_LOCKED]);
	whole = take_turns(slow.samples);
	if (slow.nr_places == NR_SLOW_PLACES)
		contender_end();
	check_writes();
	if (whole)
		metrics_done();
	else
		verdict_error("the lock was not contended in %u tries: the "
			      "helper thread has no CPU",
			      MOST_TRIES);
}

/* Between the clock reads: out. */
METRICS(METRIC("rdtsc"), METRIC("kernel"), METRIC("inline"), METRIC("helper"),
	METRIC("helper_locked"), METRIC("gain_kernel"), METRIC("gain_helper"),
	METRIC("gain_helper_locked"));

PAYLOAD("slow-path", slow_path,
	.summary = "a register in the kernel, inline, on a helper thread, "
		   "behind a lock",
	.flags = PAYLOAD_SLOW_PATH, .max_vcpus = 2, .def_vcpus = 2,
	.limit_ms = 5000, .hists = 11, .work_percent = 500,
	.params = {
		{.name = "hold_us",
		 .help = "vCPU 1 holds the lock so long once the helper waits",
		 .kind = PARAM_U64,
		 .role = PARAM_ROLE_PERIOD,
		 .min = 1,
		 .max = SLOW_MAX_HOLD_US,
		 .def = 50},
		PARAM_DESC_SAMPLES("of each place", 1000000000, 1000),
		PARAM_DESC_WARMUP(
			"writes to each place before the first sample", 1000000,
			50),
	});
