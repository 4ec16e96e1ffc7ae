/* SPDX-License-Identifier: BSD-2-Clause */
/* mov_to_cr8.c - writing the task priority. */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	write_cr8(0);
}

EXIT_COST(mov_to_cr8, op, exit_cost_nothing, exit_cost_nothing);
