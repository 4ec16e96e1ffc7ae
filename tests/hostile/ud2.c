/* SPDX-License-Identifier: BSD-2-Clause */
/* ud2.c - an invalid instruction, on vCPU 0 or on the last one. */
#include "guest-firmware/fw.h"

static void undefined(void *arg)
{
	(void)arg;
	asm volatile("ud2");
}

static void ud2(void)
{
	uint32_t last = nr_vcpus() - 1;

	if (last == 0)
		undefined(NULL);
	on_vcpu(last, undefined, NULL);
	vcpu_join(last);
}

PAYLOAD("ud2", ud2, .summary = "an invalid instruction on the last vCPU",
	.max_vcpus = MAX_VCPUS, .limit_ms = 2000);
