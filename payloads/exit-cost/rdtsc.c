/* SPDX-License-Identifier: BSD-2-Clause */
/* rdtsc.c - the baseline: two clock reads with nothing between them. */
#include "guest-firmware/exit_cost.h"

EXIT_COST(rdtsc, exit_cost_nothing, exit_cost_nothing, exit_cost_nothing);
