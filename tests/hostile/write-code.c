/* SPDX-License-Identifier: BSD-2-Clause */
/* write-code.c - code and constants are read-only: a page fault. */
#include "guest-firmware/fw.h"

static const char constant[16] = "constant";

static void write_code(void)
{
	uintptr_t at = (uintptr_t)write_code;
	struct param_value p;

	params_load(&p, 1);
	if (p.lo == 1)
		at = (uintptr_t)constant;
	mmio_write32(at, 0xcccccccc);
}

PAYLOAD("write-code", write_code, .summary = "writes to its own code",
	.limit_ms = 2000,
	.params = {
		{.name = "case",
		 .choices = "code|constant",
		 .kind = PARAM_ENUM},
	});
