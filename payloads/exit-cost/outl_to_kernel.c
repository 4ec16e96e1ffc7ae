/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outl_to_kernel.c - a port write that KVM's own PIC takes (its ELCR).  The
 * name is kvm-unit-tests'; KVM takes the port by bytes.
 */
#include "guest-firmware/exit_cost.h"

#define PORT_ELCR 0x4d0

static inline void op(void)
{
	outb(PORT_ELCR, 0);
}

/* Between the clock reads: out. */
EXIT_COST(outl_to_kernel, op, exit_cost_nothing, exit_cost_nothing,
	  .skip = exit_cost_needs_irqchip);
