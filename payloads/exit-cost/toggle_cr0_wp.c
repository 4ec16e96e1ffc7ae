/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * toggle_cr0_wp.c - CR0.WP off and on again: two writes of CR0.  VMX lets the
 * guest do it where KVM gives it that bit (with EPT, from Linux 6.4).
 */
#include "guest-firmware/exit_cost.h"

#define CR0_WP (1ull << 16) /* SDM vol 3 2.5 */

static void setup(void)
{
	me()->word = read_cr0();
}

static inline void op(void)
{
	uint64_t cr0 = me()->word;

	write_cr0(cr0 ^ CR0_WP);
	write_cr0(cr0);
}

EXIT_COST(toggle_cr0_wp, op, exit_cost_nothing, exit_cost_nothing,
	  .setup = setup);
