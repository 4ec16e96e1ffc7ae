/* SPDX-License-Identifier: BSD-2-Clause */
/* stray-msr.c - a filtered MSR that no device has is not passed over. */
#include "guest-firmware/fw.h"

static void stray_msr(void)
{
	struct param_value p;

	params_load(&p, 1);
	if (p.lo == 0)
		rdmsr(MSR_DOORBELL + 1);
	else
		wrmsr(MSR_DOORBELL + MSR_DOORBELL_NR - 1, 1);
}

PAYLOAD("stray-msr", stray_msr, .summary = "touches a filtered MSR nobody has",
	.flags = PAYLOAD_MSR_DEVICE, .limit_ms = 2000,
	.params = {
		{.name = "case", .choices = "read|write", .kind = PARAM_ENUM},
	});
