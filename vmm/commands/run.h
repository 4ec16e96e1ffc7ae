/* SPDX-License-Identifier: BSD-2-Clause */
/* run.h - latvisor run: one payload, once. */
#ifndef VMM_COMMANDS_RUN_H
#define VMM_COMMANDS_RUN_H

#include "vmm/commands/options.h"

/* The command; its exit status. */
int run(const struct options *o);

#endif
