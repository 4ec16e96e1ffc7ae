/* SPDX-License-Identifier: BSD-2-Clause */
/* completion.h - what makes a shell complete commands, options and payloads. */
#ifndef VMM_COMMANDS_COMPLETION_H
#define VMM_COMMANDS_COMPLETION_H

#include <stdbool.h>
#include <stdio.h>

/* For "bash", "zsh" or "fish"; false: no such shell. */
bool completion_print(const char *shell, FILE *out);

#endif
