/* SPDX-License-Identifier: BSD-2-Clause */
/* config.c - see config.h. */
#include <string.h>

#include "vmm/setup/config.h"

FILE *config_out(const struct config *c)
{
	return c->output.json && strcmp(c->output.json, "-") == 0 ? stderr
								  : stdout;
}

const char *irqchip_name(enum irqchip irqchip)
{
	switch (irqchip) {
	case IRQCHIP_SPLIT:
		return "split";
	case IRQCHIP_KERNEL:
		return "kernel";
	case IRQCHIP_NONE:
		return "none";
	}
	return "?";
}
