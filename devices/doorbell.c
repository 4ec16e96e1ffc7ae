/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * doorbell.c - a port, a memory address and a set of MSRs that do nothing:
 * what a guest pays for touching them is the price of the exit.
 */
#include "vmm/device.h"

/* Reads give all-ones, so that a test sees that the vmm answered. */
static bool doorbell_access(struct vcpu *vcpu, struct io_access *io)
{
	(void)vcpu;
	if (!io->is_write)
		io->value = ~0ull;
	return true;
}

DEVICE(doorbell_pio, .bus = BUS_PIO, .base = PORT_DOORBELL, .len = 4,
       .access = doorbell_access);
DEVICE(doorbell_mmio, .bus = BUS_MMIO, .base = MMIO_DOORBELL, .len = 4096,
       .access = doorbell_access);
DEVICE(doorbell_msr, .bus = BUS_MSR, .base = MSR_DOORBELL, .len = 1,
       .access = doorbell_access);
