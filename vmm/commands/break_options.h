/* SPDX-License-Identifier: BSD-2-Clause */
/* break_options.h - a run that ends at a sample that is too long: --break-at.
 */
#ifndef VMM_COMMANDS_BREAK_OPTIONS_H
#define VMM_COMMANDS_BREAK_OPTIONS_H

#include "vmm/commands/command.h"

extern const struct option_group break_options;

/* Dies where one of them lacks what it is about. */
void break_check(const struct config *c);

/* Opens what --mark names, or dies. */
void break_open_mark(struct config *c);

#endif
