/* SPDX-License-Identifier: BSD-2-Clause */
/* roles.c - see roles.h. */
#include <string.h>

#include "guest-firmware/abi/modes.h"
#include "vmm/payload/roles.h"

static const char *role_choices(uint32_t role)
{
	switch (role) {
	case PARAM_ROLE_IDLE:
		return IDLE_CHOICES;
	case PARAM_ROLE_DELIVERY:
		return DELIVERY_CHOICES;
	case PARAM_ROLE_PAGE:
		return PAGE_CHOICES;
	default:
		return NULL;
	}
}

bool role_choices_ok(const struct param_desc *d)
{
	const char *all = role_choices(d->role);
	size_t len = strlen(d->choices);

	if (d->role == PARAM_ROLE_POLL_NS)
		return d->kind == PARAM_U64;
	if (!all)
		return true;
	return d->kind == PARAM_ENUM && strncmp(all, d->choices, len) == 0 &&
	       (all[len] == '\0' || all[len] == '|');
}
