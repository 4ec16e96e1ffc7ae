/* SPDX-License-Identifier: BSD-2-Clause */
/* outl_to_vmm.c - a port write to a device in the vmm. */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	outl(PORT_DOORBELL, 0);
}

/* Between the clock reads: out. */
EXIT_COST(outl_to_vmm, op, exit_cost_nothing, exit_cost_nothing,
	  .counts = EXIT_COST_PIO);
