/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * park-vcpu0.c - a vCPU 0 that has no more work and no verdict: the run ends,
 * at once when it was the only one, by its limit when others wait for it.
 */
#include "guest-firmware/fw.h"

static void park_vcpu0(void)
{
	for (;;)
		fw_control(CTL_PARK, 0);
}

PAYLOAD("park-vcpu0", park_vcpu0, .summary = "vCPU 0 parks itself",
	.max_vcpus = 2, .limit_ms = 2000);
