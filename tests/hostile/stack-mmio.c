/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stack-mmio.c - a stack in device memory: the exception that comes there
 * cannot be delivered.  CRASH, whatever KVM makes of it.
 */
#include "guest-firmware/fw.h"

static void stack_mmio(void)
{
	asm volatile("mov %0, %%rsp; ud2"
		     :
		     : "r"(LAYOUT_MMIO + 0x100800ul)
		     : "memory");
}

PAYLOAD("stack-mmio", stack_mmio, .summary = "a stack in device memory",
	.limit_ms = 2000);
