/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipi-wake.c - from the sending of an IPI on vCPU 0 to the first instruction of
 * the handler on vCPU 1, which idles: the wake-up of message passing.
 */
#include "guest-firmware/fw.h"

enum {
	PARAM_SAMPLES,
	PARAM_GAP_US,
	PARAM_WARMUP,
	PARAM_IDLE,
	PARAM_POLL_NS,
	PARAM_DELIVERY,
	NR_PARAMS
};

struct wake {
	struct measure m;
	uint64_t samples, warmup;
	struct idle idle;
	struct delivery_way delivery;
	struct percpu *target;
	/* Each is written by one vCPU: on lines of their own. */
	_Atomic uint64_t waits __attribute__((aligned(64)));
	_Atomic uint64_t wakes __attribute__((aligned(64)));
};

static struct wake wake;

/* vCPU 1: idle until the next IPI. */
static void wait_once(void)
{
	delivery_expect(&wake.delivery);
	word_count(&wake.waits);
	delivery_await(&wake.delivery, &wake.idle, VECTOR_IPI);
	delivery_end(&wake.delivery);
	word_count(&wake.wakes);
}

static void target(void *arg)
{
	(void)arg;
	idle_prepare(&wake.idle);
	for (uint64_t i = 0; i < wake.warmup; i++)
		wait_once();
	window_begin(&wake.m);
	for (uint64_t i = 0; i < wake.samples; i++)
		wait_once();
	window_end(&wake.m);
}

/* vCPU 0: the latency of the IPI that follows the first n of them. */
static uint64_t wake_once(uint64_t n, uint64_t gap_tsc, uint64_t *t1)
{
	uint64_t t0;

	wait_for(&wake.waits, n + 1);
	pause_for(gap_tsc);
	t0 = delivery_send(&wake.delivery, 1, VECTOR_IPI);
	wait_for(&wake.wakes, n + 1);
	*t1 = word_load(&wake.target->irq_tsc);
	return *t1 - t0;
}

static void measure(struct gap gap)
{
	uint64_t t1;

	on_vcpu(1, target, NULL);
	for (uint64_t i = 0; i < wake.warmup; i++)
		wake_once(i, gap.low, &t1);
	window_begin(&wake.m);
	for (uint64_t i = 0; i < wake.samples; i++) {
		uint64_t gap_tsc = gap_next(&gap);
		uint64_t cost = wake_once(wake.warmup + i, gap_tsc, &t1);

		measure_record(&wake.m, cost, t1);
	}
	window_end(&wake.m);
	vcpu_join(1);
}

static void ipi_wake(void)
{
	struct param_value p[NR_PARAMS];

	params_load(p, NR_PARAMS);
	wake.samples = p[PARAM_SAMPLES].lo;
	wake.warmup = p[PARAM_WARMUP].lo;
	wake.idle = idle_load(&p[PARAM_IDLE], &p[PARAM_POLL_NS]);
	wake.delivery = delivery_load(&p[PARAM_DELIVERY]);
	if (!delivery_begin(&wake.delivery,
			    (wake.warmup + 1) *
				    (p[PARAM_GAP_US].hi / 1000 + 1)))
		return;
	wake.target = fw_percpu(1);
	wake.m = metric_add("ipi_wake", 1, 0, wake.samples);
	if (idle_blocks(&wake.idle))
		wake.m.metric->blocking = wake.samples;
	measure(gap_load(&p[PARAM_GAP_US]));
	metric_done(&wake.m);
	step_end();
}

PAYLOAD("ipi-wake", ipi_wake,
	.summary = "IPI to an idle vCPU, to the handler's first instruction",
	.flags = PAYLOAD_NEEDS_LAPIC, .min_vcpus = 2, .limit_ms = 5000,
	.hists = 1,
	.params = {
		PARAM_DESC_SAMPLES("IPIs that are measured", 1000000000000,
				   10000),
		PARAM_DESC_GAP_US(
			"the target is idle that long before each IPI, random",
			10, 10000000, 50, 250),
		PARAM_DESC_WARMUP("IPIs before the first sample", 100000, 100),
		PARAM_DESC_IDLE,
		PARAM_DESC_POLL_NS,
		PARAM_DESC_DELIVERY,
	});
