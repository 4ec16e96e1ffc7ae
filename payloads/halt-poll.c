/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * halt-poll.c - vCPU 1 idles, vCPU 0 wakes it up: what KVM's polling buys, what
 * it costs the host, and that it gives way when something else wants the CPU.
 *
 * First nobody does.  Then a rival of lower priority comes while vCPU 1 is
 * halted: KVM stops polling as soon as another thread is runnable on that CPU
 * (Documentation/virt/kvm/halt-polling.rst).
 */
#include "guest-firmware/fw.h"
#include "guest-firmware/prio.h"

#define SLEEPER 1

enum {
	PARAM_IDLE,
	PARAM_POLL_NS,
	PARAM_GAP_US,
	PARAM_BURST_US,
	PARAM_SAMPLES,
	PARAM_WARMUP,
	NR_PARAMS
};

static struct {
	struct measure alone, rival, wait;
	uint64_t samples, warmup;
	struct gap gap;
	uint32_t burst_us;
	uint64_t burst_tsc;
	uint64_t rounds, bursts; /* vCPU 0 */
	struct percpu *sleeper;
	_Atomic uint64_t waits __attribute__((aligned(64))); /* vCPU 1 */
	_Atomic uint64_t wakes;				     /* vCPU 1 */
} poll;

/* vCPU 1: each round is one halt. */
static void sleep_for_rounds(uint64_t nr)
{
	while (nr--) {
		word_count(&poll.waits);
		do
			irq_halt();
		while (me()->irq_vector != VECTOR_IPI);
		lapic_eoi();
		word_count(&poll.wakes);
	}
}

static void sleeper(void *arg)
{
	(void)arg;
	sleep_for_rounds(poll.warmup);
	window_begin(&poll.alone);
	sleep_for_rounds(poll.samples);
	window_end(&poll.alone);
	window_begin(&poll.rival);
	sleep_for_rounds(poll.samples);
	window_end(&poll.rival);
}

/* The rival has vCPU 1's CPU for a burst: how long it waited for it. */
static void let_rival(void)
{
	uint64_t t0 = rdtsc_ordered(), t1, waited;

	prio_rival(poll.burst_us);
	poll.bursts++;
	while (prio_bursts() < poll.bursts)
		cpu_relax();
	t1 = rdtsc_ordered();
	waited = t1 - t0 > poll.burst_tsc ? t1 - t0 - poll.burst_tsc : 0;
	measure_record(&poll.wait, waited, t1);
}

/*
 * vCPU 1 is halted for the gap and a burst, whoever has its CPU meanwhile.  m:
 * NULL: no sample.
 */
static void wake(const struct measure *m, bool rival)
{
	uint64_t t0, t1;

	wait_for(&poll.waits, ++poll.rounds);
	pause_for(gap_next(&poll.gap));
	if (rival)
		let_rival();
	else
		pause_for(poll.burst_tsc);
	t0 = lapic_ipi_timed(SLEEPER, VECTOR_IPI);
	wait_for(&poll.wakes, poll.rounds);
	t1 = word_load(&poll.sleeper->irq_tsc);
	if (m)
		measure_record(m, t1 - t0, t1);
}

static void load_params(void)
{
	struct param_value p[NR_PARAMS];

	params_load(p, NR_PARAMS);
	poll.samples = p[PARAM_SAMPLES].lo;
	poll.warmup = p[PARAM_WARMUP].lo;
	poll.gap = gap_load(&p[PARAM_GAP_US]);
	poll.burst_us = (uint32_t)p[PARAM_BURST_US].lo;
	poll.burst_tsc = us_to_tsc(poll.burst_us);
	poll.sleeper = fw_percpu(SLEEPER);
}

static void halt_poll(void)
{
	load_params();
	poll.alone =
		metric_add("wake_alone", SLEEPER, METRIC_IPI, poll.samples);
	poll.rival =
		metric_add("wake_rival", SLEEPER, METRIC_IPI, poll.samples);
	poll.wait = metric_add("rival_wait", 0, 0, poll.samples);
	on_vcpu(SLEEPER, sleeper, NULL);
	for (uint64_t i = 0; i < poll.warmup; i++)
		wake(NULL, false);
	for (uint64_t i = 0; i < poll.samples; i++)
		wake(&poll.alone, false);
	window_begin(&poll.wait);
	for (uint64_t i = 0; i < poll.samples; i++)
		wake(&poll.rival, true);
	window_end(&poll.wait);
	vcpu_join(SLEEPER);
	metric_done(&poll.alone);
	metric_done(&poll.rival);
	metric_done(&poll.wait);
}

/* Between the clock reads: in, out, pause. */
METRICS(METRIC("wake_alone"), METRIC("wake_rival"), METRIC("rival_wait"));

PAYLOAD("halt-poll", halt_poll,
	.summary = "KVM's polling for a halted vCPU: its cost, and who ends it",
	.flags = PAYLOAD_NEEDS_LAPIC | PAYLOAD_RIVAL, .min_vcpus = 2,
	.limit_ms = 5000, .hists = 3, .work_percent = 200,
	.params = {
		{.name = "idle",
		 .help = "how vCPU 1 waits: docs/suite/modes.md",
		 .choices = "hlt|halt-poll",
		 .kind = PARAM_ENUM,
		 .role = PARAM_ROLE_IDLE,
		 .def = IDLE_HALT_POLL},
		{.name = "poll_ns",
		 .help = "idle=halt-poll: KVM polls that long at most",
		 .kind = PARAM_U64,
		 .role = PARAM_ROLE_POLL_NS,
		 .min = 1000,
		 .max = 1000000000,
		 .def = 2000000},
		PARAM_DESC_GAP_US("idle before a burst or as long, random", 50,
				  1000000, 100, 200),
		{.name = "burst_us",
		 .help = "the rival takes the CPU that long",
		 .kind = PARAM_U64,
		 .role = PARAM_ROLE_PERIOD,
		 .min = 10,
		 .max = PRIO_MAX_BURST_US,
		 .def = 200},
		PARAM_DESC_SAMPLES("without a rival, and with one", 1000000000,
				   500),
		PARAM_DESC_WARMUP("wake-ups before the first sample", 1000, 50),
	});
