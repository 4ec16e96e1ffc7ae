/* SPDX-License-Identifier: BSD-2-Clause */
/* stray-port-string.c - REP OUTSB and INSB to a port that no device has. */
#include "guest-firmware/fw.h"

#define PORT_NOBODY 0x4240

static char bytes[8192];

static void stray_port_string(void)
{
	const char *from = bytes;
	char *to = bytes;
	uint64_t len = sizeof(bytes);
	struct param_value p;

	params_load(&p, 1);
	if (p.lo == 0)
		asm volatile("rep outsb"
			     : "+S"(from), "+c"(len)
			     : "d"(PORT_NOBODY)
			     : "memory");
	else
		asm volatile("rep insb"
			     : "+D"(to), "+c"(len)
			     : "d"(PORT_NOBODY)
			     : "memory");
}

PAYLOAD("stray-port-string", stray_port_string,
	.summary = "string I/O with a port nobody has", .limit_ms = 2000,
	.params = {
		{.name = "case", .choices = "out|in", .kind = PARAM_ENUM},
	});
