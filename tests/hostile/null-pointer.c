/* SPDX-License-Identifier: BSD-2-Clause */
/* null-pointer.c - address 0 is not mapped: a page fault with CR2 = 0. */
#include "guest-firmware/fw.h"

static void null_pointer(void)
{
	mmio_write32(0, 1);
}

PAYLOAD("null-pointer", null_pointer, .summary = "writes through NULL",
	.limit_ms = 2000);
