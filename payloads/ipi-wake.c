/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipi-wake.c - from the sending of an IPI on vCPU 0 to the first instruction of
 * the handler on vCPU 1, which idles: the wake-up of message passing.
 */
#include "guest-firmware/ipi_pair.h"

static struct {
	struct ipi_pair pair;
	struct measure m;
	struct percpu *target;
	_Atomic uint64_t wakes __attribute__((aligned(64))); /* by vCPU 1 */
} wake;

static void wait_once(void)
{
	ipi_pair_wait(&wake.pair);
	word_count(&wake.wakes);
}

static void target(void *arg)
{
	(void)arg;
	ipi_pair_serve(&wake.pair, &wake.m, wait_once);
}

static void wake_once(uint64_t n, uint64_t gap_tsc, bool record)
{
	uint64_t t0, t1;

	ipi_pair_gap(&wake.pair, n, gap_tsc);
	t0 = delivery_send(&wake.pair.delivery, 1, VECTOR_IPI);
	wait_for(&wake.wakes, n + 1);
	t1 = word_load(&wake.target->irq_tsc);
	if (!record)
		return;
	measure_record(&wake.m, t1 - t0, t1);
	wake_paths_note(&wake.pair.paths, t1 - t0, t1);
}

static void ipi_wake(void)
{
	if (!ipi_pair_load(&wake.pair))
		return;
	wake.target = fw_percpu(1);
	wake.m = metric_add("ipi_wake", 1, METRIC_IPI, wake.pair.samples);
	ipi_pair_wakes(&wake.pair, &wake.m);
	ipi_pair_lead(&wake.pair, &wake.m, target, wake_once);
	metric_done(&wake.m);
	wake_paths_done(&wake.pair.paths);
	step_end();
}

METRICS(METRIC("ipi_wake"), WAKE_PATHS("ipi_wake"));

PAYLOAD("ipi-wake", ipi_wake,
	.summary = "IPI to an idle vCPU, to the handler's first instruction",
	.flags = PAYLOAD_NEEDS_LAPIC, .min_vcpus = 2, .limit_ms = 5000,
	.hists = 1 + WAKE_PATHS_HISTS,
	.params = {
		IPI_PAIR_PARAMS("IPIs", "the target is idle that long before "
					"each IPI, random"),
	});
