/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * toggle_cr4_pge.c - CR4.PGE on and off again: two writes of CR4, each of which
 * flushes the TLB (SDM vol 3 4.10.4.1).
 */
#include "guest-firmware/exit_cost.h"

#define CR4_PGE	      (1ull << 7) /* SDM vol 3 2.5 */
#define CPUID_EDX_PGE (1u << 13)  /* leaf 1, SDM vol 2A CPUID */

static const char *skip(void)
{
	return cpuid(1, 0).edx & CPUID_EDX_PGE ? NULL
					       : "this CPU has no CR4.PGE";
}

static void setup(void)
{
	me()->word = read_cr4();
}

static inline void op(void)
{
	uint64_t cr4 = me()->word;

	write_cr4(cr4 ^ CR4_PGE);
	write_cr4(cr4);
}

EXIT_COST(toggle_cr4_pge, op, exit_cost_nothing, exit_cost_nothing,
	  .skip = skip, .setup = setup);
