/* SPDX-License-Identifier: BSD-2-Clause */
/* lapic.c - the parts of lapic.h that are not on a measured path. */
#include "guest-firmware/lapic.h"
#include "guest-firmware/irq.h"

bool fw_x2apic;

void lapic_enable(void)
{
	lapic_write(LAPIC_SVR, LAPIC_SVR_ENABLE | VECTOR_SPURIOUS);
}

void lapic_set_mode(bool x2apic)
{
	uint64_t base = rdmsr(MSR_APIC_BASE);

	base &= ~(APIC_BASE_EXTD | APIC_BASE_EN);
	wrmsr(MSR_APIC_BASE, base);
	wrmsr(MSR_APIC_BASE, base | APIC_BASE_EN);
	if (x2apic)
		wrmsr(MSR_APIC_BASE, base | APIC_BASE_EN | APIC_BASE_EXTD);
	fw_x2apic = x2apic;
	lapic_enable();
}

void lapic_timer_mode(uint32_t lvtt_mode)
{
	lapic_write(LAPIC_TDCR, LAPIC_TDCR_DIV_1);
	lapic_write(LAPIC_LVTT, lvtt_mode | VECTOR_TIMER);
	/*
	 * In xAPIC mode the store above is not ordered before a WRMSR to the
	 * deadline MSR (SDM vol 3 11.5.4.1).
	 */
	mfence();
}

void lapic_timer_off(void)
{
	uint32_t lvtt = lapic_read(LAPIC_LVTT);

	if ((lvtt & LAPIC_LVTT_TSCDL) != 0)
		lapic_timer_deadline(0);
	else
		lapic_timer_count(0);
	lapic_write(LAPIC_LVTT, LAPIC_LVT_MASKED | VECTOR_TIMER);
	lapic_timer_take();
}

bool lapic_timer_take(void)
{
	/*
	 * The WRMSR that stopped the timer is not serializing (SDM vol 3 9.3);
	 * it has to be over before the look at the IRR.  No exit: this may be
	 * in a window.
	 */
	lfence();
	if (!lapic_requested(VECTOR_TIMER))
		return false;
	irq_take();
	lapic_eoi();
	return true;
}
