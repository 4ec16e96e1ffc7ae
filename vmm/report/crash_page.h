/* SPDX-License-Identifier: BSD-2-Clause */
/* crash_page.h - the page that a crashed guest leaves behind. */
#ifndef VMM_REPORT_CRASH_PAGE_H
#define VMM_REPORT_CRASH_PAGE_H

#include <stddef.h>
#include <stdio.h>

#include "vmm/result/result.h"

/* Where, which instruction, registers.  Nothing when the guest is fine. */
void dump_crash(const struct result *r, FILE *out);

/* "symbol+0x12" of an address in the payload, or "no symbol". */
void dump_symbol(const struct result *r, uint64_t rip, char *text, size_t len);

/* The instruction at the crash, or "" when its bytes are not known. */
void dump_instruction(const struct result *r, char *text, size_t len);

/* Where the crash or the trap happened; 0: there was none. */
uint64_t dump_rip(const struct result *r);

#endif
