/* SPDX-License-Identifier: BSD-2-Clause */
/* stray-port.c - accesses to ports that no device has are not passed over. */
#include "guest-firmware/fw.h"

#define PORT_NOBODY 0x4240

enum {
	WRITE,
	READ,
	BYTE,
	BESIDE
};

static void stray_port(void)
{
	struct param_value p;

	params_load(&p, 1);
	switch (p.lo) {
	case WRITE:
		outl(PORT_NOBODY, 0x12345678);
		break;
	case READ:
		inl(PORT_NOBODY);
		break;
	case BYTE:
		outb(PORT_NOBODY, 1);
		break;
	case BESIDE: /* half of it is the doorbell's */
		outl(PORT_DOORBELL + 2, 0);
		break;
	}
}

PAYLOAD("stray-port", stray_port, .summary = "touches a port nobody has",
	.limit_ms = 2000,
	.params = {
		{.name = "case",
		 .choices = "write|read|byte|beside",
		 .kind = PARAM_ENUM},
	});
