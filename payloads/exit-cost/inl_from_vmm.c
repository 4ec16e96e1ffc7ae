/* SPDX-License-Identifier: BSD-2-Clause */
/* inl_from_vmm.c - a port read that a device in the vmm answers. */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	inl(PORT_DOORBELL);
}

/* Between the clock reads: in. */
EXIT_COST(inl_from_vmm, op, exit_cost_nothing, exit_cost_nothing,
	  .counts = EXIT_COST_PIO);
