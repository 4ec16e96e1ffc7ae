/* SPDX-License-Identifier: BSD-2-Clause */
/* wrmsr_to_vmm.c - an MSR that the MSR filter sends to the vmm. */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	wrmsr(MSR_DOORBELL, 0);
}

/* Between the clock reads: wrmsr. */
EXIT_COST(wrmsr_to_vmm, op, exit_cost_nothing, exit_cost_nothing,
	  .counts = EXIT_COST_MSR);
