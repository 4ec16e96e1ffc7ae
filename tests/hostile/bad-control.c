/* SPDX-License-Identifier: BSD-2-Clause */
/* bad-control.c - requests that the control port does not know: CRASH. */
#include "guest-firmware/fw.h"

enum {
	ZERO,
	UNKNOWN,
	BYTE,
	WORD,
	READ
};

static void bad_control(void)
{
	struct param_value p;

	params_load(&p, 1);
	switch (p.lo) {
	case ZERO:
		outl(PORT_CONTROL, 0);
		break;
	case UNKNOWN:
		outl(PORT_CONTROL, 0xff);
		break;
	case BYTE:
		outb(PORT_CONTROL, CTL_DONE);
		break;
	case WORD:
		asm volatile("outw %w0, %w1"
			     :
			     : "a"(CTL_DONE), "d"(PORT_CONTROL));
		break;
	case READ:
		inl(PORT_CONTROL);
		break;
	}
}

PAYLOAD("bad-control", bad_control, .summary = "misuses the control port",
	.limit_ms = 2000,
	.params = {
		{.name = "case",
		 .choices = "zero|unknown|byte|word|read",
		 .kind = PARAM_ENUM},
	});
