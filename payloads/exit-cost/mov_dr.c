/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mov_dr.c - MOV to DR7, of the value that it has.  KVM makes the first access
 * after each entry exit and lets the others through until the next exit.
 */
#include "guest-firmware/exit_cost.h"

static void setup(void)
{
	me()->word = read_dr7();
}

static inline void op(void)
{
	write_dr7(me()->word);
}

EXIT_COST(mov_dr, op, exit_cost_nothing, exit_cost_nothing, .setup = setup);
