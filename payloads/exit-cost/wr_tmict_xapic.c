/* SPDX-License-Identifier: BSD-2-Clause */
/* wr_tmict_xapic.c - the same register by MMIO, in xAPIC mode. */
#include "guest-firmware/exit_cost.h"

#define FAR_TICKS 0x7fffffffu /* 2 s: each write starts it anew */

static void setup(void)
{
	lapic_set_mode(false);
	lapic_timer_mode(LAPIC_LVTT_ONESHOT);
}

static inline void op(void)
{
	mmio_write32(LAYOUT_LAPIC + LAPIC_TMICT, FAR_TICKS);
}

/* Which stops the timer, too. */
static void teardown(void)
{
	lapic_set_mode((fw_boot->flags & BOOT_X2APIC) != 0);
}

EXIT_COST(wr_tmict_xapic, op, exit_cost_nothing, exit_cost_nothing,
	  .skip = exit_cost_needs_lapic, .setup = setup, .teardown = teardown);
