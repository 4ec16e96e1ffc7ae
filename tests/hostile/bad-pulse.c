/* SPDX-License-Identifier: BSD-2-Clause */
/* bad-pulse.c - asks for pulses that there cannot be. */
#include "guest-firmware/abi/pulse.h"
#include "guest-firmware/fw.h"

enum {
	UNALIGNED,
	OUTSIDE,
	EDGE,
	VECTOR,
	VCPU,
	BYTE,
	READ,
	REST,
};

/* Two of them: not all of what is at the wrong address is outside. */
static struct pulse pulse[2] __attribute__((aligned(PULSE_ALIGN)));

static struct pulse *address(uint64_t how)
{
	switch (how) {
	case UNALIGNED:
		return (struct pulse *)((uintptr_t)&pulse[0] + 8);
	case EDGE: /* RAM ends where this payload's heap is: it has none */
		return (struct pulse *)(fw_boot->heap - PULSE_ALIGN);
	default:
		return &pulse[0];
	}
}

static void bad_pulse(void)
{
	struct param_value p;
	struct pulse *at;

	params_load(&p, 1);
	at = address(p.lo);
	/* All is right but for the one thing. */
	at->vcpu = p.lo == VCPU ? fw_boot->nr_vcpus : 0;
	at->vector = p.lo == VECTOR ? VECTOR_IRQ_FIRST - 1 : VECTOR_PULSE;
	at->rest = p.lo == REST ? NR_RESTS : REST_NONE;
	switch (p.lo) {
	case BYTE:
		outb(PORT_PULSE, 0);
		break;
	case READ:
		inl(PORT_PULSE);
		break;
	case OUTSIDE:
		outl(PORT_PULSE, UINT32_MAX & ~(PULSE_ALIGN - 1));
		break;
	default:
		outl(PORT_PULSE, (uint32_t)(uintptr_t)at);
		break;
	}
}

PAYLOAD("bad-pulse", bad_pulse, .summary = "asks for impossible pulses",
	.flags = PAYLOAD_PULSE, .limit_ms = 5000,
	.params = {
		{.name = "case",
		 .choices = "unaligned|outside|edge|vector|vcpu|byte|read|rest",
		 .kind = PARAM_ENUM},
	});
