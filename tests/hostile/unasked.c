/* SPDX-License-Identifier: BSD-2-Clause */
/* unasked.c - uses what its note did not ask for. */
#include "guest-firmware/abi/prio.h"
#include "guest-firmware/abi/pulse.h"
#include "guest-firmware/fw.h"

enum {
	PULSE,
	HINT,
	RIVAL,
	BURSTS
};

static struct pulse pulse __attribute__((aligned(PULSE_ALIGN)));

static void unasked(void)
{
	struct param_value p;

	params_load(&p, 1);
	pulse.vector = VECTOR_PULSE;
	switch (p.lo) {
	case PULSE:
		outl(PORT_PULSE, (uint32_t)(uintptr_t)&pulse);
		break;
	case HINT:
		outl(PORT_PRIO + PRIO_HINT, PRIO_NORMAL);
		break;
	case RIVAL:
		outl(PORT_PRIO + PRIO_RIVAL, 1000);
		break;
	case BURSTS:
		inl(PORT_PRIO + PRIO_RIVAL);
		break;
	}
}

PAYLOAD("unasked", unasked, .summary = "uses what its note did not ask for",
	.limit_ms = 5000,
	.params = {
		{.name = "case",
		 .choices = "pulse|hint|rival|bursts",
		 .kind = PARAM_ENUM},
	});
