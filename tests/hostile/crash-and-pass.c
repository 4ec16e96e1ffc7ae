/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crash-and-pass.c - vCPU 1 does what it must not just while vCPU 0 says that
 * all is well: the crash is what counts.
 */
#include "guest-firmware/fw.h"

static _Atomic uint64_t go;

static void stray(void *arg)
{
	(void)arg;
	word_store(&go, 1);
	outl(0x4240, 0);
}

static void crash_and_pass(void)
{
	on_vcpu(1, stray, NULL);
	wait_for(&go, 1);
	fw_result()->verdict = VERDICT_PASS;
	for (;;)
		fw_control(CTL_DONE, 0);
}

PAYLOAD("crash-and-pass", crash_and_pass,
	.summary = "one vCPU crashes, the other passes", .min_vcpus = 2,
	.limit_ms = 2000);
