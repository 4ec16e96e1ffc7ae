/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * noise.c - every gap in a vCPU's own time: it only reads the clock, and
 * whatever takes the CPU away from it shows.  What oslat and hwlat look for,
 * from inside of the guest.  Interrupts are off in the guest, on in the host.
 */
#include "guest-firmware/fw.h"

enum {
	PARAM_THRESHOLD_NS,
	PARAM_DURATION_S,
	PARAM_TURNS,
	NR_PARAMS
};

#define LEAST_NS    1000 /* shorter gaps nobody asks for by default */
#define LEAST_TURNS 8	 /* and none below that many turns of the loop */
#define TRY_RECORDS 32	 /* a power of two: they fit into a ring */

static struct {
	uint64_t threshold_tsc;
	uint64_t duration_tsc;
	uint64_t turns;
	struct measure gap[MAX_VCPUS], loop[MAX_VCPUS];
	struct hist scratch;
	/* A ring with room for TRY_RECORDS entries. */
	char ring[sizeof(struct raw_ring) +
		  TRY_RECORDS * sizeof(struct raw_entry)]
		__attribute__((aligned(64)));
} noise;

/* A gap contains the recording of the one before: nothing is unwatched. */
static __attribute__((noinline)) void watch(const struct measure *m,
					    uint64_t threshold, uint64_t end)
{
	uint64_t last = rdtsc(), now;

	do {
		now = rdtsc();
		if (__builtin_expect(now - last > threshold, 0))
			measure_record(m, now - last, now);
		last = now;
	} while (now < end);
}

/* A turn of that loop when nothing is recorded; the shortest. */
static __attribute__((noinline)) uint64_t try_turns(const struct measure *m,
						    uint64_t nr)
{
	uint64_t shortest = UINT64_MAX;

	for (uint64_t i = 0; i < nr; i++) {
		uint64_t last = rdtsc(), now = rdtsc();

		if (m)
			measure_record(m, now - last, now);
		if (now - last < shortest)
			shortest = now - last;
	}
	return shortest;
}

/*
 * What recording a gap takes when it is among the worst, undisturbed: with a
 * lower threshold each gap would make another one.
 */
static uint64_t recording_tsc(void)
{
	struct raw_ring *ring = (struct raw_ring *)noise.ring;
	struct measure m = {.hist = &noise.scratch};
	uint64_t shortest = UINT64_MAX;

	hist_init(&noise.scratch);
	ring->mask = TRY_RECORDS - 1;
	if (fw_boot->raw_entries)
		m.raw = ring;
	for (uint64_t i = 1; i <= TRY_RECORDS; i++) {
		uint64_t t0 = rdtsc(), t1;

		measure_record(&m, i, t0);
		t1 = rdtsc();
		if (t1 - t0 < shortest)
			shortest = t1 - t0;
	}
	return shortest;
}

static void run_vcpu(void *arg)
{
	uint64_t i = me()->id;
	const struct measure *gap = &noise.gap[i];

	(void)arg;
	try_turns(&noise.loop[i], noise.turns);
	metric_done(&noise.loop[i]);
	window_begin(gap);
	watch(gap, noise.threshold_tsc, rdtsc() + noise.duration_tsc);
	window_end(gap);
	metric_done(gap);
}

/* tsc: below 2^44. */
static uint64_t tsc_to_ns(uint64_t tsc)
{
	return tsc * 1000000 / fw_boot->tsc_khz;
}

/* False: the guest would see what it does itself. */
static bool choose_threshold(uint64_t wanted_ns)
{
	uint64_t turns = LEAST_TURNS * try_turns(NULL, noise.turns);
	uint64_t least = recording_tsc();
	uint64_t tsc = wanted_ns * fw_boot->tsc_khz / 1000000;

	if (wanted_ns && tsc <= least) {
		verdict_skip("threshold_ns=%lu is less than recording a gap "
			     "takes here: it has to be above %lu",
			     wanted_ns, tsc_to_ns(least) + 1);
		return false;
	}
	if (wanted_ns == 0) {
		tsc = LEAST_NS * fw_boot->tsc_khz / 1000000;
		if (tsc < turns)
			tsc = turns;
		if (tsc < 2 * least)
			tsc = 2 * least;
	}
	noise.threshold_tsc = tsc;
	print("noise: gaps of more than %lu ns\n", tsc_to_ns(tsc));
	return true;
}

static void find_noise(void)
{
	struct param_value p[NR_PARAMS];

	params_load(p, NR_PARAMS);
	noise.duration_tsc = us_to_tsc(p[PARAM_DURATION_S].lo * 1000000);
	noise.turns = p[PARAM_TURNS].lo;
	if (!choose_threshold(p[PARAM_THRESHOLD_NS].lo))
		return;
	for (uint32_t i = 0; i < nr_vcpus(); i++) {
		noise.gap[i] = metric_add("gap", i, METRIC_GAPS, 0);
		noise.loop[i] =
			metric_add("loop", i, METRIC_NO_WINDOW, noise.turns);
	}
	for (uint32_t i = 1; i < nr_vcpus(); i++)
		on_vcpu(i, run_vcpu, NULL);
	run_vcpu(NULL);
	for (uint32_t i = 1; i < nr_vcpus(); i++)
		vcpu_join(i);
}

/*
 * A gap begins with the recording of the one before.
 * Between the clock reads: bsr, call fw_break, call fw_raw_append,
 * call hist_enter_worst, call series_enter_top, call series_turn.
 */
METRICS(METRIC_ANY("gap"), METRIC("loop"));

PAYLOAD("noise", find_noise,
	.summary = "gaps in the time of a vCPU that does nothing but look",
	.flags = PAYLOAD_HOST_NOISE, .max_vcpus = MAX_VCPUS, .limit_ms = 5000,
	.hists_per_vcpu = 2,
	.params = {
		{.name = "threshold_ns",
		 .help = "gaps above it are noise; 0: 1000, or what the host "
			 "can tell",
		 .kind = PARAM_U64,
		 .min = 0,
		 .max = 1000000000,
		 .def = 0},
		{.name = "duration_s",
		 .help = "of the window",
		 .kind = PARAM_U64,
		 .role = PARAM_ROLE_DURATION,
		 .min = 1,
		 .max = RUN_MAX_S,
		 .def = 5},
		{.name = "turns",
		 .help = "turns of the loop that are measured before, as loop",
		 .kind = PARAM_U64,
		 .role = PARAM_ROLE_COUNT,
		 .min = 16,
		 .max = 1000000,
		 .def = 1000},
	});
