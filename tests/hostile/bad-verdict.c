/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bad-verdict.c - a number that is no verdict, or one that only the host may
 * give, is an ERROR.
 */
#include "guest-firmware/fw.h"
#include "guest-firmware/string.h"

static void bad_verdict(void)
{
	struct param_value p;

	params_load(&p, 1);
	fw_result()->verdict = (uint32_t)p.lo;
	/* Without a NUL, and with what a terminal would obey. */
	memset(fw_result()->reason, '\033', sizeof(fw_result()->reason));
}

PAYLOAD("bad-verdict", bad_verdict, .summary = "gives a verdict of its own",
	.limit_ms = 2000,
	.params = {
		{.name = "verdict",
		 .kind = PARAM_U64,
		 .min = 0,
		 .max = UINT32_MAX,
		 .def = 1000},
	});
