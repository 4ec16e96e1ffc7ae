/* SPDX-License-Identifier: BSD-2-Clause */
/* unknown-msr.c - an MSR that does not exist gives #GP, which is reported. */
#include "guest-firmware/fw.h"

static void unknown_msr(void)
{
	rdmsr(MSR_DOORBELL);
}

PAYLOAD("unknown-msr", unknown_msr, .summary = "reads an MSR that is not there",
	.limit_ms = 2000);
