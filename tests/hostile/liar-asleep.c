/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * liar-asleep.c - says that vCPU 1 sleeps when its IPI is sent, and makes as
 * many halts, but at other times: KVM's counts agree, its events do not.
 */
#include "guest-firmware/fw.h"

#define SAMPLES	 200
#define PAUSE_US 500

static struct {
	struct measure m;
	_Atomic uint64_t ready, taken;
} liar;

static void target(void *arg)
{
	(void)arg;
	window_begin(&liar.m);
	for (int i = 0; i < SAMPLES; i++) {
		word_count(&liar.ready);
		irq_halt();
		lapic_eoi();
		word_count(&liar.ready);
		irq_spin();
		word_count(&liar.taken);
		lapic_eoi();
	}
	window_end(&liar.m);
}

static void liar_asleep(void)
{
	struct percpu *cpu = fw_percpu(1);

	liar.m = metric_add("lies", 1, METRIC_IPI, SAMPLES);
	liar.m.metric->blocking = SAMPLES;
	on_vcpu(1, target, NULL);
	for (uint64_t i = 0; i < SAMPLES; i++) {
		uint64_t t0, t1;

		wait_for(&liar.ready, 2 * i + 1);
		vcpu_woken(1, REST_ASLEEP);
		pause_for(us_to_tsc(PAUSE_US));
		lapic_ipi(1, VECTOR_IPI);
		wait_for(&liar.ready, 2 * i + 2);
		pause_for(us_to_tsc(PAUSE_US));
		t0 = lapic_ipi_timed(1, VECTOR_IPI);
		wait_for(&liar.taken, i + 1);
		t1 = word_load(&cpu->irq_tsc);
		measure_record(&liar.m, t1 - t0, t1);
	}
	vcpu_join(1);
	metric_done(&liar.m);
}

PAYLOAD("liar-asleep", liar_asleep,
	.summary = "wakes a vCPU that sleeps at other times",
	.flags = PAYLOAD_NEEDS_LAPIC, .min_vcpus = 2, .limit_ms = 10000,
	.hists = 1);
