/* SPDX-License-Identifier: BSD-2-Clause */
/* disasm.c - see disasm.h. */
#include <capstone/capstone.h>
#include <stdio.h>

#include "vmm/result/disasm.h"

size_t disasm(const unsigned char *code, size_t len, uint64_t rip, char *text,
	      size_t text_len)
{
	cs_insn *insn = NULL;
	size_t insn_len = 0;
	csh handle;

	if (cs_open(CS_ARCH_X86, CS_MODE_64, &handle) != CS_ERR_OK)
		return 0;
	if (cs_disasm(handle, code, len, rip, 1, &insn) > 0) {
		snprintf(text, text_len, "%s%s%s", insn->mnemonic,
			 insn->op_str[0] ? " " : "", insn->op_str);
		insn_len = insn->size;
		cs_free(insn, 1);
	}
	cs_close(&handle);
	return insn_len;
}
