/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inl_from_kernel.c - a port read that KVM's own PIC answers (its ELCR).  The
 * name is kvm-unit-tests'; KVM takes the port by bytes.
 */
#include "guest-firmware/exit_cost.h"

#define PORT_ELCR 0x4d0

static inline void op(void)
{
	inb(PORT_ELCR);
}

/* Between the clock reads: in. */
EXIT_COST(inl_from_kernel, op, exit_cost_nothing, exit_cost_nothing,
	  .skip = exit_cost_needs_irqchip);
