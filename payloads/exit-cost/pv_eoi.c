/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pv_eoi.c - the end of an interrupt by KVM's shared flag: no exit while the
 * host has set it, else the EOI register as ever (Documentation/virt/kvm/x86/
 * msr.rst, MSR_KVM_PV_EOI_EN).
 */
#include "guest-firmware/exit_cost.h"

static struct {
	uint32_t nr __attribute__((aligned(64)));
} flags[EXIT_COST_MAX_VCPUS];

static inline uint32_t *flag(void)
{
	return &flags[me()->id].nr;
}

static const char *skip(void)
{
	if (!(pv_features() & KVM_FEATURE_PV_EOI))
		return "needs KVM's PV EOI in CPUID";
	return exit_cost_needs_lapic();
}

static void setup(void)
{
	*flag() = 0;
	wrmsr(MSR_KVM_PV_EOI_EN, (uint64_t)flag() | PV_EOI_ENABLED);
}

static void teardown(void)
{
	wrmsr(MSR_KVM_PV_EOI_EN, 0);
}

static inline void take_interrupt(void)
{
	lapic_self_ipi(VECTOR_IPI);
	irq_take();
}

static inline void op(void)
{
	if (!pv_eoi(flag()))
		lapic_eoi();
}

/* Between the clock reads: wrmsr. */
EXIT_COST(pv_eoi, op, take_interrupt, exit_cost_nothing, .skip = skip,
	  .setup = setup, .teardown = teardown);
