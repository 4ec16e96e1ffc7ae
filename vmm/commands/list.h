/* SPDX-License-Identifier: BSD-2-Clause */
/* list.h - latvisor list: the payloads, or the parameters of one. */
#ifndef VMM_COMMANDS_LIST_H
#define VMM_COMMANDS_LIST_H

#include "vmm/commands/options.h"

/* The command; its exit status. */
int list(const struct options *o);

#endif
