/* SPDX-License-Identifier: BSD-2-Clause */
/* control.c - the port by which the firmware talks to the vmm: result.h. */
#include "guest-firmware/abi/result.h"
#include "vmm/device.h"

static bool control_access(struct vcpu *vcpu, struct io_access *io)
{
	uint32_t arg;

	if (!io->is_write || io->len != 4)
		return false;
	switch (CTL_OP(io->value)) {
	case CTL_DONE:
		vcpu_done(vcpu);
		return true;
	case CTL_PARK:
		vcpu_park(vcpu);
		return true;
	case CTL_PANIC:
		vcpu_panic(vcpu);
		return true;
	case CTL_WINDOW_BEGIN:
		return vcpu_window(vcpu, (uint32_t)CTL_ARG(io->value), true);
	case CTL_WINDOW_END:
		return vcpu_window(vcpu, (uint32_t)CTL_ARG(io->value), false);
	case CTL_BREAK:
		return vcpu_break(vcpu, (uint32_t)CTL_ARG(io->value));
	case CTL_POPULATE:
		return vcpu_populate(vcpu);
	case CTL_LOG_DIRTY:
		return vcpu_log_dirty(vcpu);
	case CTL_COUNT_DIRTY:
		return vcpu_count_dirty(vcpu, CTL_ARG(io->value));
	case CTL_AWAIT_REST:
		arg = (uint32_t)CTL_ARG(io->value);
		return vcpu_await_rest(vcpu, CTL_REST_VCPU(arg), CTL_REST(arg));
	default:
		return false;
	}
}

DEVICE(control, .bus = BUS_PIO, .base = PORT_CONTROL, .len = 4,
       .access = control_access);
