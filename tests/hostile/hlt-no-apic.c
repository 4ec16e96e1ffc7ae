/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hlt-no-apic.c - HLT with interrupts off is for ever: a TIMEOUT while KVM
 * holds the vCPU, a CRASH when the halt comes to the vmm.
 */
#include "guest-firmware/fw.h"

static void hlt_no_apic(void)
{
	for (;;)
		asm volatile("cli; hlt" : : : "memory");
}

PAYLOAD("hlt-no-apic", hlt_no_apic, .summary = "halts for ever",
	.limit_ms = 2000);
