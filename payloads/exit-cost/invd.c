/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * invd.c - INVD.  On the bare machine it would throw away what the caches have
 * not written back.  In a guest it always exits (SDM vol 3 26.1.2; KVM on SVM
 * intercepts it), and KVM takes it for a NOP: kvm_emulate_invd(), and the same
 * in its instruction emulator.
 */
#include "guest-firmware/exit_cost.h"

static inline void op(void)
{
	asm volatile("invd" : : : "memory");
}

/* Between the clock reads: invd. */
EXIT_COST(invd, op, exit_cost_nothing, exit_cost_nothing);
