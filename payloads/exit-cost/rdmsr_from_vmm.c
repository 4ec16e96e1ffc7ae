/* SPDX-License-Identifier: BSD-2-Clause */
/* rdmsr_from_vmm.c - an MSR that the MSR filter sends to the vmm. */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	rdmsr(MSR_DOORBELL);
}

/* Between the clock reads: rdmsr. */
EXIT_COST(rdmsr_from_vmm, op, exit_cost_nothing, exit_cost_nothing,
	  .counts = EXIT_COST_MSR);
