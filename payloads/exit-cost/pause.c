/* SPDX-License-Identifier: BSD-2-Clause */
/* pause.c - PAUSE: exits by chance, or not at all (--disable-exits pause). */
#include "guest-firmware/exit_cost.h"

/* Between the clock reads: pause. */
EXIT_COST(pause, cpu_relax, exit_cost_nothing, exit_cost_nothing);
