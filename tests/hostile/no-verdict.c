/* SPDX-License-Identifier: BSD-2-Clause */
/* no-verdict.c - a payload that ends without a word is an ERROR, no PASS. */
#include "guest-firmware/fw.h"

static void no_verdict(void)
{
	for (;;)
		fw_control(CTL_DONE, 0);
}

PAYLOAD("no-verdict", no_verdict, .summary = "ends without a verdict",
	.limit_ms = 2000);
