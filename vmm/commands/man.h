/* SPDX-License-Identifier: BSD-2-Clause */
/* man.h - the commands' part of the manual page, out of their table. */
#ifndef VMM_COMMANDS_MAN_H
#define VMM_COMMANDS_MAN_H

#include <stdio.h>

/* In scdoc(5); 0. */
int man_print(FILE *out);

#endif
