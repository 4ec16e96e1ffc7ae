/* SPDX-License-Identifier: BSD-2-Clause */
/* bad-prio.c - hints that there are not, and rivals without measure. */
#include "guest-firmware/abi/prio.h"
#include "guest-firmware/fw.h"

enum {
	HINT,
	READ,
	BYTE,
	BETWEEN,
	ZERO,
	HUGE,
	PENDING,
	STORM
};

static void hint(uint32_t value)
{
	me()->counts.pio++;
	outl(PORT_PRIO + PRIO_HINT, value);
}

static void rival(uint32_t us)
{
	me()->counts.pio++;
	outl(PORT_PRIO + PRIO_RIVAL, us);
}

/* Without end, and no vCPU is above it for long. */
static void storm(void *arg)
{
	(void)arg;
	for (uint32_t i = 0;; i++) {
		hint(i % 2 ? PRIO_NORMAL : PRIO_BOOST);
		rival(UINT32_MAX - i);
	}
}

/* It comes once, and leaves by itself. */
static void huge(void)
{
	hint(PRIO_NORMAL);
	rival(UINT32_MAX);
	do
		me()->counts.pio++;
	while (inl(PORT_PRIO + PRIO_RIVAL) == 0);
}

static void bad_prio(void)
{
	struct param_value p;

	params_load(&p, 1);
	switch (p.lo) {
	case HINT:
		hint(PRIO_BOOST + 1);
		break;
	case READ:
		inl(PORT_PRIO + PRIO_HINT);
		break;
	case BYTE:
		outb(PORT_PRIO + PRIO_RIVAL, 1);
		break;
	case BETWEEN:
		outl(PORT_PRIO + PRIO_RIVAL - 2, 1);
		break;
	case ZERO:
		rival(0);
		break;
	case HUGE:
		huge();
		break;
	case PENDING:
		rival(PRIO_MAX_BURST_US);
		hint(PRIO_NORMAL);
		break;
	case STORM:
		for (uint32_t i = 1; i < nr_vcpus(); i++)
			on_vcpu(i, storm, NULL);
		storm(NULL);
		break;
	}
}

PAYLOAD("bad-prio", bad_prio, .summary = "abuses priorities and the rival",
	.flags = PAYLOAD_RIVAL, .max_vcpus = 2, .limit_ms = 5000,
	.params = {
		{.name = "case",
		 .choices = "hint|read|byte|between|zero|huge|pending|storm",
		 .kind = PARAM_ENUM},
	});
