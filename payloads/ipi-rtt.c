/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipi-rtt.c - there and back: vCPU 0 sends an IPI and idles, vCPU 1 wakes and
 * sends one back.  Two wake-ups in a row, as a request and its answer have.
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

static struct {
	struct measure rtt, there, back;
	uint64_t samples, warmup;
	struct idle idle;
	struct delivery_way delivery;
	/* vCPU 1 writes these; on a line of their own. */
	_Atomic uint64_t waits __attribute__((aligned(64)));
	_Atomic uint64_t answered_tsc; /* when it sent the answer */
} rtt;

/* vCPU 1: idle until the next IPI, then the answer. */
static void answer_once(void)
{
	delivery_expect(&rtt.delivery);
	word_count(&rtt.waits);
	delivery_await(&rtt.delivery, &rtt.idle, VECTOR_IPI);
	delivery_end(&rtt.delivery);
	word_store(&rtt.answered_tsc,
		   delivery_send(&rtt.delivery, 0, VECTOR_IPI));
}

static void answerer(void *arg)
{
	(void)arg;
	idle_prepare(&rtt.idle);
	for (uint64_t i = 0; i < rtt.warmup; i++)
		answer_once();
	window_begin(&rtt.there);
	for (uint64_t i = 0; i < rtt.samples; i++)
		answer_once();
	window_end(&rtt.there);
}

/* vCPU 0: when it sent the request that follows the first n of them. */
static uint64_t ask_once(uint64_t n, uint64_t gap_tsc)
{
	uint64_t t0;

	wait_for(&rtt.waits, n + 1);
	pause_for(gap_tsc);
	delivery_expect(&rtt.delivery);
	t0 = delivery_send(&rtt.delivery, 1, VECTOR_IPI);
	delivery_await(&rtt.delivery, &rtt.idle, VECTOR_IPI);
	delivery_end(&rtt.delivery);
	return t0;
}

static void measure(struct gap gap)
{
	const struct percpu *target = fw_percpu(1);

	idle_prepare(&rtt.idle);
	on_vcpu(1, answerer, NULL);
	for (uint64_t i = 0; i < rtt.warmup; i++)
		ask_once(i, gap.low);
	window_begin(&rtt.rtt);
	for (uint64_t i = 0; i < rtt.samples; i++) {
		uint64_t gap_tsc = gap_next(&gap);
		uint64_t t0 = ask_once(rtt.warmup + i, gap_tsc);
		uint64_t t1 = word_load(&target->irq_tsc);
		uint64_t t2 = me()->irq_tsc;

		measure_record(&rtt.rtt, t2 - t0, t2);
		measure_record(&rtt.there, t1 - t0, t1);
		/* The answer may arrive before the store of its time does. */
		wait_for(&rtt.answered_tsc, t1);
		measure_record(&rtt.back, t2 - word_load(&rtt.answered_tsc),
			       t2);
	}
	window_end(&rtt.rtt);
	vcpu_join(1);
}

static void ipi_rtt(void)
{
	struct param_value p[NR_PARAMS];

	params_load(p, NR_PARAMS);
	rtt.samples = p[PARAM_SAMPLES].lo;
	rtt.warmup = p[PARAM_WARMUP].lo;
	rtt.idle = idle_load(&p[PARAM_IDLE], &p[PARAM_POLL_NS]);
	rtt.delivery = delivery_load(&p[PARAM_DELIVERY]);
	if (!delivery_begin(&rtt.delivery,
			    (rtt.warmup + 1) * (p[PARAM_GAP_US].hi / 1000 + 1)))
		return;
	rtt.rtt = metric_add("ipi_rtt", 0, 0, rtt.samples);
	rtt.there = metric_add("there", 1, 0, rtt.samples);
	rtt.back = metric_add("back", 0, 0, rtt.samples);
	if (idle_blocks(&rtt.idle))
		rtt.there.metric->blocking = rtt.samples;
	measure(gap_load(&p[PARAM_GAP_US]));
	metric_done(&rtt.rtt);
	metric_done(&rtt.there);
	metric_done(&rtt.back);
	step_end();
}

PAYLOAD("ipi-rtt", ipi_rtt,
	.summary = "IPI to an idle vCPU and one back: two wake-ups in a row",
	.flags = PAYLOAD_NEEDS_LAPIC, .min_vcpus = 2, .limit_ms = 5000,
	.hists = 3,
	.params = {
		PARAM_DESC_SAMPLES("round trips that are measured",
				   1000000000000, 10000),
		PARAM_DESC_GAP_US(
			"vCPU 1 is idle that long before each request, random",
			10, 10000000, 50, 250),
		PARAM_DESC_WARMUP("round trips before the first sample", 100000,
				  100),
		PARAM_DESC_IDLE,
		PARAM_DESC_POLL_NS,
		PARAM_DESC_DELIVERY,
	});
