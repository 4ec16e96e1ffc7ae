/* SPDX-License-Identifier: BSD-2-Clause */
/* safe-msr.c - rdmsr_safe() and wrmsr_safe() survive the same #GP: PASS. */
#include "guest-firmware/fw.h"

#define VECTOR_GP 13

static void safe_msr(void)
{
	uint64_t value = 0;
	int read, write;

	read = rdmsr_safe(MSR_DOORBELL, &value);
	write = wrmsr_safe(MSR_DOORBELL, 0);
	if (read != VECTOR_GP || write != VECTOR_GP)
		verdict_fail("wanted #GP twice, got %d and %d", read, write);
	/* One that exists still gives its value. */
	if (rdmsr_safe(MSR_GS_BASE, &value) != 0 || value != (uint64_t)me())
		verdict_fail("GS base reads as %lx", value);
}

PAYLOAD("safe-msr", safe_msr, .summary = "survives an MSR that is not there",
	.limit_ms = 2000);
