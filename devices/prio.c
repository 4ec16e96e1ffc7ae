/* SPDX-License-Identifier: BSD-2-Clause */
/* prio.c - a vCPU's priority, and a rival for its CPU: abi/prio.h. */
#include "guest-firmware/abi/prio.h"
#include "vmm/device.h"

static bool write_hint(struct vcpu *vcpu, uint32_t value)
{
	switch (value) {
	case PRIO_NORMAL:
		return vcpu_boost(vcpu, false);
	case PRIO_BOOST:
		return vcpu_boost(vcpu, true);
	default:
		return false;
	}
}

static bool prio_access(struct vcpu *vcpu, struct io_access *io)
{
	uint32_t value = (uint32_t)io->value;

	if (io->len != 4)
		return false;
	switch (io->addr) {
	case PORT_PRIO + PRIO_HINT:
		return io->is_write && write_hint(vcpu, value);
	case PORT_PRIO + PRIO_RIVAL:
		return io->is_write ? vcpu_rival(vcpu, value)
				    : vcpu_rival_bursts(vcpu, &io->value);
	default:
		return false;
	}
}

DEVICE(prio_ports, .bus = BUS_PIO, .base = PORT_PRIO, .len = PRIO_LEN,
       .access = prio_access);
