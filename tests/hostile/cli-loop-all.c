/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cli-loop-all.c - the same on every vCPU: with as many vCPUs as the host has
 * CPUs the vmm itself has to take a CPU from one of them.
 */
#include "guest-firmware/fw.h"

static void loop(void *arg)
{
	(void)arg;
	for (;;)
		asm volatile("" : : : "memory");
}

static void cli_loop_all(void)
{
	for (uint32_t i = 1; i < nr_vcpus(); i++)
		on_vcpu(i, loop, NULL);
	loop(NULL);
}

PAYLOAD("cli-loop-all", cli_loop_all,
	.summary = "every vCPU loops for ever, interrupts off",
	.max_vcpus = MAX_VCPUS, .limit_ms = 2000);
