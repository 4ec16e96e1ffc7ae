/* SPDX-License-Identifier: BSD-2-Clause */
/* stray-mmio.c - a device address that no device has is not passed over. */
#include "guest-firmware/fw.h"

#define MMIO_NOBODY (LAYOUT_MMIO + 0x100000)

enum {
	READ,
	WRITE,
	ACROSS
};

static void stray_mmio(void)
{
	struct param_value p;

	params_load(&p, 1);
	switch (p.lo) {
	case READ:
		mmio_read32(MMIO_NOBODY);
		break;
	case WRITE:
		mmio_write32(MMIO_NOBODY, 0x12345678);
		break;
	case ACROSS: /* the last two bytes of the doorbell, and two more */
		mmio_write32(MMIO_DOORBELL + 4096 - 2, 0);
		break;
	}
}

PAYLOAD("stray-mmio", stray_mmio, .summary = "touches an address nobody has",
	.limit_ms = 2000,
	.params = {
		{.name = "case",
		 .choices = "read|write|across",
		 .kind = PARAM_ENUM},
	});
