/* SPDX-License-Identifier: BSD-2-Clause */
/* pulse.c - starts and stops the interrupts of the host's timer: abi/pulse.h.
 */
#include "vmm/device.h"

static bool pulse_access(struct vcpu *vcpu, struct io_access *io)
{
	if (!io->is_write || io->len != 4)
		return false;
	/* Only so many bytes of it were written. */
	return vcpu_pulse(vcpu, (gpa_t)(uint32_t)io->value);
}

DEVICE(pulse_port, .bus = BUS_PIO, .base = PORT_PULSE, .len = 4,
       .access = pulse_access);
