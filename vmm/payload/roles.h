/* SPDX-License-Identifier: BSD-2-Clause */
/* roles.h - parameters that set the VM up have the choices of abi/modes.h. */
#ifndef VMM_PAYLOAD_ROLES_H
#define VMM_PAYLOAD_ROLES_H

#include <stdbool.h>

#include "guest-firmware/abi/payload.h"

/* May a parameter of that role be of this kind and have these choices? */
bool role_choices_ok(const struct param_desc *d);

#endif
