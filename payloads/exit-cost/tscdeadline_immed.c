/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tscdeadline_immed.c - a TSC deadline that is past already: from the write
 * through a CPUID and the interrupt to the instruction after it.
 *
 * WRMSR to IA32_TSC_DEADLINE is not serializing (SDM vol 3 9.3).  As long as it
 * exits, KVM has found the timer expired before the guest goes on.  A processor
 * with APIC-timer virtualization (SDM vol 3 28.5.10) does it without an exit,
 * and STI; NOP can be over before the timer is armed.  CPUID serializes on each
 * processor, and it exits on each KVM that runs guests on VMX, so that what is
 * due is pending at the entry after it.  LFENCE would only order the write, not
 * what the timer then does; SERIALIZE is not known to KVM's emulator.
 */
#include "guest-firmware/exit_cost.h"

static void setup(void)
{
	lapic_timer_mode(LAPIC_LVTT_TSCDL);
}

static inline void op(void)
{
	lapic_timer_deadline(1);
	cpuid(0, 0);
	irq_take();
}

/* Between the clock reads: cli, cpuid, sti, wrmsr. */
EXIT_COST(tscdeadline_immed, op, exit_cost_nothing, lapic_eoi,
	  .skip = exit_cost_needs_tsc_deadline, .setup = setup,
	  .teardown = lapic_timer_off);
