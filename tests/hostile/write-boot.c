/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * write-boot.c - what the vmm wrote for the guest is read-only to it: boot
 * record, page tables, device tree, and nothing at all below them.
 */
#include "guest-firmware/fw.h"

static const uint64_t where[] = {
	LAYOUT_BOOT,
	LAYOUT_PGTABLE,
	LAYOUT_FDT,
	LAYOUT_BASE - 0x1000,
};

static void write_boot(void)
{
	struct param_value p;

	params_load(&p, 1);
	mmio_write32(where[p.lo], 0xffffffff);
}

PAYLOAD("write-boot", write_boot, .summary = "writes to the vmm's tables",
	.limit_ms = 2000,
	.params = {
		{.name = "case",
		 .choices = "record|tables|tree|below",
		 .kind = PARAM_ENUM},
	});
