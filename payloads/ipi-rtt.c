/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipi-rtt.c - there and back: vCPU 0 sends an IPI and idles, vCPU 1 wakes and
 * sends one back.  Two wake-ups in a row, as a request and its answer have.
 */
#include "guest-firmware/ipi_pair.h"

static struct {
	struct ipi_pair pair;
	struct measure rtt, there, back;
	const struct percpu *target;
	/* By vCPU 1: when it sent the answer. */
	_Atomic uint64_t answered_tsc __attribute__((aligned(64)));
} rtt;

static void answer_once(void)
{
	ipi_pair_wait(&rtt.pair);
	word_store(&rtt.answered_tsc,
		   delivery_send(&rtt.pair.delivery, 0, VECTOR_IPI));
}

static void answerer(void *arg)
{
	(void)arg;
	ipi_pair_serve(&rtt.pair, &rtt.there, answer_once);
}

static void record(uint64_t t0)
{
	uint64_t t1 = word_load(&rtt.target->irq_tsc);
	uint64_t t2 = me()->irq_tsc;

	measure_record(&rtt.rtt, t2 - t0, t2);
	measure_record(&rtt.there, t1 - t0, t1);
	wake_paths_note(&rtt.pair.paths, t1 - t0, t1);
	/* The answer may arrive before the store of its time does. */
	wait_for(&rtt.answered_tsc, t1);
	measure_record(&rtt.back, t2 - word_load(&rtt.answered_tsc), t2);
}

static void ask_once(uint64_t n, uint64_t gap_tsc, bool is_sample)
{
	const struct delivery_way *delivery = &rtt.pair.delivery;
	uint64_t t0;

	ipi_pair_gap(&rtt.pair, n, gap_tsc);
	delivery_expect(delivery);
	t0 = delivery_send(delivery, 1, VECTOR_IPI);
	delivery_await(delivery, &rtt.pair.idle, VECTOR_IPI);
	delivery_end(delivery);
	if (is_sample)
		record(t0);
}

static void ipi_rtt(void)
{
	uint64_t samples;

	if (!ipi_pair_load(&rtt.pair))
		return;
	samples = rtt.pair.samples;
	rtt.target = fw_percpu(1);
	rtt.rtt = metric_add("ipi_rtt", 0, METRIC_RTT, samples);
	rtt.there = metric_add("there", 1, METRIC_IPI, samples);
	rtt.back =
		metric_add("back", 0, METRIC_NO_WINDOW | METRIC_IPI, samples);
	ipi_pair_wakes(&rtt.pair, &rtt.there);
	idle_prepare(&rtt.pair.idle);
	ipi_pair_lead(&rtt.pair, &rtt.rtt, answerer, ask_once);
	metric_done(&rtt.rtt);
	metric_done(&rtt.there);
	metric_done(&rtt.back);
	wake_paths_done(&rtt.pair.paths);
	step_end();
}

METRICS(METRIC("ipi_rtt"), METRIC("there"), METRIC("back"),
	WAKE_PATHS("there"));

PAYLOAD("ipi-rtt", ipi_rtt,
	.summary = "IPI to an idle vCPU and one back: two wake-ups in a row",
	.flags = PAYLOAD_NEEDS_LAPIC, .min_vcpus = 2, .limit_ms = 5000,
	.hists = 3 + WAKE_PATHS_HISTS,
	.params = {
		IPI_PAIR_PARAMS(
			"round trips",
			"vCPU 1 is idle that long before each request, random"),
	});
