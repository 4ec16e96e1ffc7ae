/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wbinvd.c - WBINVD.  KVM intercepts it and does nothing, unless the VM has a
 * device whose DMA does not snoop: no cache is written back.
 */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	asm volatile("wbinvd" : : : "memory");
}

/* Between the clock reads: wbinvd. */
EXIT_COST(wbinvd, op, exit_cost_nothing, exit_cost_nothing);
