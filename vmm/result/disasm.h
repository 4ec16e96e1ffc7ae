/* SPDX-License-Identifier: BSD-2-Clause */
/* disasm.h - an instruction as text.  The only user of capstone. */
#ifndef VMM_RESULT_DISASM_H
#define VMM_RESULT_DISASM_H

#include <stddef.h>
#include <stdint.h>

/*
 * The instruction at the start of code (Intel syntax) into text.  Its length
 * in bytes, or 0 when the bytes are no instruction.
 */
size_t disasm(const unsigned char *code, size_t len, uint64_t rip, char *text,
	      size_t text_len);

#endif
