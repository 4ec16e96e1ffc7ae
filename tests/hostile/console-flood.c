/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console-flood.c - far more text than the ring holds, then a ring whose
 * positions are made up, full of what a terminal obeys.
 */
#include "guest-firmware/abi/console.h"
#include "guest-firmware/fw.h"
#include "guest-firmware/string.h"

#define ROUNDS 64

enum {
	FLOOD,
	HEAD,
	BACKWARDS,
	TAIL
};

static void flood(struct console *c)
{
	static const char line[] = "\033[2J\033]0;title\a 0123456789 abcdef\n";

	/* Positions just before they wrap around: nothing may depend on it. */
	c->head = c->tail = UINT64_MAX - 100;
	for (int i = 0; i < ROUNDS * 1024; i++) {
		if (i % 1024 == 0)
			print("%s", line);
		else
			c->lost += sizeof(line);
	}
	for (int i = 0; i < 1024; i++)
		print("%s", line);
}

static void console_flood(void)
{
	struct console *c = (struct console *)LAYOUT_CONSOLE;
	struct param_value p;

	params_load(&p, 1);
	if (p.lo != FLOOD)
		memset(c->data, '\033', sizeof(c->data));
	switch (p.lo) {
	case FLOOD:
		flood(c);
		break;
	case HEAD:
		c->head = UINT64_MAX / 2;
		break;
	case BACKWARDS:
		c->head = c->tail - 1;
		break;
	case TAIL:
		c->tail = UINT64_MAX;
		c->head = 0x123456789abcdef0;
		c->lost = UINT64_MAX;
		c->lock = 1;
		break;
	}
}

PAYLOAD("console-flood", console_flood, .summary = "abuses the console",
	.limit_ms = 5000,
	.params = {
		{.name = "case",
		 .choices = "flood|head|backwards|tail",
		 .kind = PARAM_ENUM},
	});
