/* SPDX-License-Identifier: BSD-2-Clause */
/* mmio_write_vmm.c - a store to an address that a device in the vmm has. */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	mmio_write32(MMIO_DOORBELL, 0);
}

EXIT_COST(mmio_write_vmm, op, exit_cost_nothing, exit_cost_nothing,
	  .counts = EXIT_COST_MMIO);
