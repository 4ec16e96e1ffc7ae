/* SPDX-License-Identifier: BSD-2-Clause */
/* console.h - the host's end of the guest's console. */
#ifndef VMM_RUN_CONSOLE_H
#define VMM_RUN_CONSOLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "guest-firmware/abi/console.h"

/*
 * Can a little be written without waiting?  PIPE_BUF bytes at least.
 */
bool writable(FILE *out);

/*
 * Writes what the guest printed since the last call to out (NULL: drops it)
 * and frees the room; at most max bytes.  Control characters but newline and
 * tab come out as
 * '?': the text is the guest's, the terminal is the user's.  The number of
 * bytes taken.
 */
uint64_t console_drain(struct console *c, FILE *out, uint64_t max);

#endif
