/* SPDX-License-Identifier: BSD-2-Clause */
/* triple-fault.c - a fault without an IDT ends in a shutdown: CRASH. */
#include "guest-firmware/fw.h"

static void triple_fault(void)
{
	static const struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) empty;

	asm volatile("lidt %0; ud2" : : "m"(empty) : "memory");
}

PAYLOAD("triple-fault", triple_fault, .summary = "a fault with an empty IDT",
	.limit_ms = 2000);
