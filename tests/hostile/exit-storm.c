/* SPDX-License-Identifier: BSD-2-Clause */
/* exit-storm.c - every vCPU exits to the vmm without a pause: TIMEOUT. */
#include "guest-firmware/fw.h"

static void storm(void *arg)
{
	(void)arg;
	for (;;)
		outl(PORT_DOORBELL, 0);
}

static void exit_storm(void)
{
	for (uint32_t i = 1; i < nr_vcpus(); i++)
		on_vcpu(i, storm, NULL);
	storm(NULL);
}

PAYLOAD("exit-storm", exit_storm, .summary = "exits without a pause",
	.max_vcpus = MAX_VCPUS, .limit_ms = 2000);
