/* SPDX-License-Identifier: BSD-2-Clause */
/* wr_kernel_gs_base.c - an MSR whose write needs no exit on most hardware. */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	wrmsr(MSR_KERNEL_GS_BASE, 0);
}

/* Between the clock reads: wrmsr. */
EXIT_COST(wr_kernel_gs_base, op, exit_cost_nothing, exit_cost_nothing);
