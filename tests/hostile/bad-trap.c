/* SPDX-License-Identifier: BSD-2-Clause */
/* bad-trap.c - a trap report that was never a trap, and none at all. */
#include "guest-firmware/fw.h"
#include "guest-firmware/string.h"

static void bad_trap(void)
{
	struct param_value p;

	params_load(&p, 1);
	if (p.lo == 1)
		memset(&fw_result()->trap, 0xff, sizeof(fw_result()->trap));
	for (;;)
		fw_control(CTL_PANIC, 0);
}

PAYLOAD("bad-trap", bad_trap, .summary = "a trap report that is none",
	.limit_ms = 2000,
	.params = {
		{.name = "case", .choices = "none|wild", .kind = PARAM_ENUM},
	});
