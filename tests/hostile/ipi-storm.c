/* SPDX-License-Identifier: BSD-2-Clause */
/* ipi-storm.c - every vCPU sends itself interrupts without end: TIMEOUT. */
#include "guest-firmware/fw.h"

static void storm(void *arg)
{
	(void)arg;
	for (;;) {
		lapic_ipi((uint32_t)me()->id, VECTOR_IPI);
		irq_take();
		lapic_eoi();
	}
}

static void ipi_storm(void)
{
	for (uint32_t i = 1; i < nr_vcpus(); i++)
		on_vcpu(i, storm, NULL);
	storm(NULL);
}

PAYLOAD("ipi-storm", ipi_storm, .summary = "interrupts itself without end",
	.flags = PAYLOAD_NEEDS_LAPIC, .max_vcpus = MAX_VCPUS, .limit_ms = 2000);
