/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * self_ipi_sti_mwait.c - an interrupt to itself, taken at STI; MWAIT, which it
 * ends at once (SDM vol 2B, MWAIT): self_ipi_sti_hlt without the exit of HLT.
 */
#include "guest-firmware/exit_cost.h"

#define CPUID_ECX_MONITOR 8 /* leaf 1 */

static uint64_t line __attribute__((aligned(64)));

static const char *skip(void)
{
	if (!(cpuid(1, 0).ecx & CPUID_ECX_MONITOR))
		return "needs MWAIT for guests: use --disable-exits mwait";
	return exit_cost_needs_lapic();
}

static inline void op(void)
{
	uint32_t hint = 0;

	lapic_self_ipi(VECTOR_IPI);
	asm volatile("monitor" : : "a"(&line), "c"(0), "d"(0) : "memory");
	/* STI holds the interrupt back until MWAIT has begun. */
	asm volatile("sti; mwait; cli"
		     : "+a"(hint) /* the handler changes it */
		     : "c"(0)
		     : "rdx", "memory", "cc");
}

/* Between the clock reads: cli, monitor, mwait, sti, wrmsr. */
EXIT_COST(self_ipi_sti_mwait, op, exit_cost_nothing, lapic_eoi, .skip = skip,
	  .may_never_return = true);
