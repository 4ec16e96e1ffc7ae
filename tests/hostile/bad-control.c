/* SPDX-License-Identifier: BSD-2-Clause */
/* bad-control.c - requests that the control port does not know: CRASH. */
#include "guest-firmware/fw.h"

enum {
	ZERO,
	UNKNOWN,
	BYTE,
	WORD,
	READ,
	REST_NOBODY,
	REST_ITSELF,
	REST_UNKNOWN,
	REST_AWAKE,
};

static _Atomic uint64_t asked;

static void stay_awake(void *arg)
{
	(void)arg;
	wait_for(&asked, 1);
}

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
	case REST_NOBODY:
		fw_control(CTL_AWAIT_REST, CTL_REST_ARG(2, REST_ASLEEP));
		break;
	case REST_ITSELF:
		fw_control(CTL_AWAIT_REST, CTL_REST_ARG(0, REST_ASLEEP));
		break;
	case REST_UNKNOWN:
		fw_control(CTL_AWAIT_REST, CTL_REST_ARG(1, NR_RESTS));
		break;
	case REST_AWAKE:
		on_vcpu(1, stay_awake, NULL);
		fw_control(CTL_AWAIT_REST, CTL_REST_ARG(1, REST_ASLEEP));
		fw_control(CTL_AWAIT_REST, CTL_REST_ARG(1, REST_HALTED));
		fw_control(CTL_AWAIT_REST, CTL_REST_ARG(1, REST_HALTED));
		fw_control(CTL_AWAIT_REST, CTL_REST_ARG(1, REST_NONE));
		word_store(&asked, 1);
		vcpu_join(1);
		break;
	}
}

PAYLOAD("bad-control", bad_control, .summary = "misuses the control port",
	.max_vcpus = 2, .limit_ms = 2000,
	.params = {
		{.name = "case",
		 .choices = "zero|unknown|byte|word|read|nobody|itself|"
			    "rest|awake",
		 .kind = PARAM_ENUM},
	});
