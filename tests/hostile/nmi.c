/* SPDX-License-Identifier: BSD-2-Clause */
/* nmi.c - an NMI that the guest sends itself has no handler: CRASH. */
#include "guest-firmware/fw.h"

#define ICR_NMI (4u << 8) /* delivery mode, SDM vol 3 11.6.1 */

static void nmi(void)
{
	lapic_ipi(0, ICR_NMI);
	for (;;)
		cpu_relax();
}

PAYLOAD("nmi", nmi, .summary = "sends itself an NMI",
	.flags = PAYLOAD_NEEDS_LAPIC, .limit_ms = 2000);
