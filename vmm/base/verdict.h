/* SPDX-License-Identifier: BSD-2-Clause */
/* verdict.h - names and exit statuses of the verdicts. */
#ifndef VMM_BASE_VERDICT_H
#define VMM_BASE_VERDICT_H

#include <stdbool.h>

#include "guest-firmware/abi/verdict.h"

#define STATUS_INTERRUPTED 130 /* 128 + SIGINT, as a shell has it */

/* "PASS", ...; never NULL. */
const char *verdict_name(enum verdict v);

/* The exit status that stands for it. */
int verdict_status(enum verdict v);

/* The more severe of two exit statuses, as enum verdict has it. */
int verdict_worse_status(int a, int b);

/*
 * Of several runs that are one thing, out of the worst of theirs: a part that
 * this host cannot do is no flaw of those that passed, if some did, and SKIP
 * says too little of runs that were not made.
 */
int verdict_whole_status(int worst, bool some_passed, bool interrupted);

#endif
