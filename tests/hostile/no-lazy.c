/* SPDX-License-Identifier: BSD-2-Clause */
/* no-lazy.c - asks for what lazy RAM offers without having any: CRASH. */
#include "guest-firmware/fw.h"

static void no_lazy(void)
{
	struct param_value p;

	params_load(&p, 1);
	fw_control(CTL_POPULATE + (uint32_t)p.lo, 1);
}

PAYLOAD("no-lazy", no_lazy, .summary = "has no lazy memory", .limit_ms = 2000,
	.params = {
		{.name = "case",
		 .choices = "populate|log|count",
		 .kind = PARAM_ENUM},
	});
