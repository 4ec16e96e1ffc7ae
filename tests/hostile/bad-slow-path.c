/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bad-slow-path.c - registers that are handled by KVM, on a helper thread or
 * with a lock, in ways that they are not for.
 */
#include "guest-firmware/fw.h"
#include "guest-firmware/slow_path.h"

enum {
	BYTE,
	KERNEL,
	BETWEEN,
	BEYOND,
	UNALIGNED,
	OUTSIDE,
	EDGE,
	READ
};

static struct slow_hold hold __attribute__((aligned(SLOW_ALIGN)));

static void hold_at(uint64_t gpa)
{
	me()->counts.pio++;
	outl(SLOW_HOLD_PORT, (uint32_t)gpa);
}

static void access(uint64_t which)
{
	switch (which) {
	case BYTE:
		outb(SLOW_PORT(SLOW_HELPER), 1);
		break;
	case KERNEL:
		outb(SLOW_PORT(SLOW_KERNEL), 1);
		break;
	case BETWEEN:
		outl(SLOW_PORT(SLOW_HELPER) - 2, 1);
		break;
	case BEYOND:
		outl(SLOW_PORT(NR_SLOW_PLACES + 1), 1);
		break;
	case READ:
		inl(SLOW_HOLD_PORT);
		break;
	}
}

static void bad_slow_path(void)
{
	struct param_value p;

	params_load(&p, 1);
	switch (p.lo) {
	case UNALIGNED:
		hold_at((uintptr_t)&hold + SLOW_ALIGN / 2);
		break;
	case OUTSIDE:
		hold_at(0xffffffc0);
		break;
	case EDGE: /* RAM ends where this payload's heap is: it has none */
		hold_at(fw_boot->heap - SLOW_ALIGN);
		break;
	default:
		access(p.lo);
		break;
	}
}

PAYLOAD("bad-slow-path", bad_slow_path,
	.summary = "abuses registers that are handled elsewhere",
	.flags = PAYLOAD_SLOW_PATH, .limit_ms = 5000,
	.params = {
		{.name = "case",
		 .choices = "byte|kernel|between|beyond|unaligned|"
			    "outside|edge|read",
		 .kind = PARAM_ENUM},
	});
