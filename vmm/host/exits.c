/* SPDX-License-Identifier: BSD-2-Clause */
/* exits.c - see exits.h. */
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>

#include "vmm/host/exits.h"

static const struct {
	const char *name;
	uint32_t bit;
} exits[] = {
	{"hlt", KVM_X86_DISABLE_EXITS_HLT},
	{"pause", KVM_X86_DISABLE_EXITS_PAUSE},
	{"mwait", KVM_X86_DISABLE_EXITS_MWAIT},
	{"cstate", KVM_X86_DISABLE_EXITS_CSTATE},
};

uint32_t exits_bit(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(exits) / sizeof(*exits); i++)
		if (strlen(exits[i].name) == len &&
		    strncmp(exits[i].name, name, len) == 0)
			return exits[i].bit;
	return 0;
}

const char *exits_names(uint32_t bits, char *text, size_t len)
{
	size_t at = 0;

	snprintf(text, len, "none");
	for (size_t i = 0; i < sizeof(exits) / sizeof(*exits); i++)
		if (bits & exits[i].bit && at < len)
			at += (size_t)snprintf(text + at, len - at, "%s%s",
					       at ? ", " : "", exits[i].name);
	return text;
}
