/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reset-vcpu.c - INIT and a start-up IPI put a vCPU into real mode where there
 * is no memory.  The run ends all the same.
 */
#include "guest-firmware/fw.h"

#define ICR_INIT    (5u << 8 | 1u << 14) /* assert, SDM vol 3 11.6.1 */
#define ICR_STARTUP (6u << 8 | 1u << 14)

static void reset_vcpu(void)
{
	struct param_value p;

	params_load(&p, 1);
	lapic_ipi(1, ICR_INIT);
	if (p.lo == 1)
		lapic_ipi(1, ICR_STARTUP | 0x90);
	for (;;)
		cpu_relax();
}

PAYLOAD("reset-vcpu", reset_vcpu, .summary = "resets another vCPU",
	.flags = PAYLOAD_NEEDS_LAPIC, .min_vcpus = 2, .limit_ms = 2000,
	.params = {
		{.name = "case", .choices = "init|startup", .kind = PARAM_ENUM},
	});
