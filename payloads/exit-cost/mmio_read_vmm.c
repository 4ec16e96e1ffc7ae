/* SPDX-License-Identifier: BSD-2-Clause */
/* mmio_read_vmm.c - a load from an address that a device in the vmm has. */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	mmio_read32(MMIO_DOORBELL);
}

EXIT_COST(mmio_read_vmm, op, exit_cost_nothing, exit_cost_nothing,
	  .counts = EXIT_COST_MMIO);
