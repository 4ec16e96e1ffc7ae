/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sweep.h - one payload with every combination of some parameters' values, in
 * rounds: each round runs all rows in another order, so that what drifts on
 * the host hits all rows alike.
 */
#ifndef VMM_COMMANDS_SWEEP_H
#define VMM_COMMANDS_SWEEP_H

#include "vmm/commands/options.h"

/* The command; its exit status. */
int sweep(const struct options *o);

#endif
