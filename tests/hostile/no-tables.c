/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * no-tables.c - a guest that switches write protection off and wipes its page
 * tables, or loads none at all, dies alone.
 */
#include "guest-firmware/fw.h"
#include "guest-firmware/string.h"

#define CR0_WP (1ul << 16)

static void no_tables(void)
{
	struct param_value p;
	uint64_t cr0;

	params_load(&p, 1);
	if (p.lo == 1)
		asm volatile("mov %0, %%cr3"
			     :
			     : "r"((uint64_t)0xffff000000)
			     : "memory");
	asm volatile("mov %%cr0, %0" : "=r"(cr0));
	asm volatile("mov %0, %%cr0" : : "r"(cr0 & ~CR0_WP) : "memory");
	memset((void *)LAYOUT_PGTABLE, 0, LAYOUT_PGTABLE_LEN);
	asm volatile("mov %0, %%cr3"
		     :
		     : "r"((uint64_t)LAYOUT_PGTABLE)
		     : "memory");
}

PAYLOAD("no-tables", no_tables, .summary = "wipes its own page tables",
	.limit_ms = 2000,
	.params = {
		{.name = "case", .choices = "wipe|cr3", .kind = PARAM_ENUM},
	});
