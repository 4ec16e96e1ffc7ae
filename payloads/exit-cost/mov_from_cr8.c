/* SPDX-License-Identifier: BSD-2-Clause */
/* mov_from_cr8.c - reading the task priority. */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	read_cr8();
}

EXIT_COST(mov_from_cr8, op, exit_cost_nothing, exit_cost_nothing);
