/* SPDX-License-Identifier: BSD-2-Clause */
/* apic.c - the local APIC's modes, and interrupts to itself in each of them. */
#include "payloads/selftest/selftest.h"

#define XAPIC_ID_SHIFT 24   /* SDM vol 3 11.4.6 */
#define SVR_RESET      0xff /* not enabled: SDM vol 3 11.9 */

static const char *mode(void)
{
	return fw_x2apic ? "x2APIC" : "xAPIC";
}

bool comes(uint32_t vector)
{
	uint64_t until = rdtsc() + us_to_tsc(PATIENCE_US);

	while (!lapic_requested(vector) && rdtsc() < until)
		cpu_relax();
	return lapic_requested(vector);
}

static void halt(void)
{
	/* A HLT without exits may end without an interrupt. */
	do
		irq_halt();
	while (me()->irq_vector == 0);
}

static void poll(void)
{
	do
		irq_poll_halt(rdtsc() + us_to_tsc(PATIENCE_US));
	while (me()->irq_vector == 0);
}

static const struct {
	const char *name;
	void (*take)(void);
} ways[] = {
	{"taken", irq_take},
	{"halted for", halt},
	{"spun for", irq_spin},
	{"polled for", poll},
};
#define NR_WAYS (sizeof(ways) / sizeof(*ways))

static bool one_ipi(const char *how, void (*take)(void), uint32_t vector)
{
	struct percpu *p = me();
	uint64_t irqs = p->irqs, ipis = p->counts.ipis, t0 = rdtsc(), t1;
	bool left, unended;

	lapic_self_ipi(vector);
	must(p->counts.ipis == ipis + 1, "apic: wanted 1 IPI counted, got %lu",
	     p->counts.ipis - ipis);
	must(comes(vector),
	     "apic: an IPI of vCPU %lu to itself did not come in %s mode",
	     p->id, mode());
	must(p->irqs == irqs, "apic: an interrupt came while they were off");
	take();
	t1 = rdtsc();
	left = lapic_requested(vector);
	/* Before anything is said: no job begins while it is in service. */
	lapic_eoi();
	unended = in_service(vector);
	must(p->irqs == irqs + 1 && p->irq_vector == vector,
	     "apic: wanted 1 interrupt %x, %s in %s mode on vCPU %lu, got %lu, "
	     "the last one %lx",
	     vector, how, mode(), p->id, p->irqs - irqs, p->irq_vector);
	must(p->irq_tsc >= t0 && p->irq_tsc <= t1,
	     "apic: wanted an interrupt between %lu and %lu, got it at %lu", t0,
	     t1, p->irq_tsc);
	must(!unended, "apic: interrupt %x is in service after its end",
	     vector);
	must(!left, "apic: interrupt %x was taken and is still requested",
	     vector);
	return true;
}

static bool each_way(void)
{
	uint64_t id = lapic_read(LAPIC_ID);

	if (!fw_x2apic)
		id >>= XAPIC_ID_SHIFT;
	must(id == me()->id, "apic: wanted APIC id %lu in %s mode, got %lu",
	     me()->id, mode(), id);
	for (uint64_t i = 0; i < NR_WAYS; i++)
		if (!one_ipi(ways[i].name, ways[i].take, VECTOR_IPI) ||
		    !one_ipi(ways[i].name, ways[i].take, VECTOR_IRQ_FIRST))
			return false;
	return true;
}

static bool is_in_mode(bool x2apic)
{
	uint64_t base = rdmsr(MSR_APIC_BASE), unused;
	int vector = rdmsr_safe(MSR_X2APIC + LAPIC_ID / 16, &unused);
	bool extd = (base & APIC_BASE_EXTD) != 0;

	must(fw_x2apic == x2apic && extd == x2apic && (base & APIC_BASE_EN),
	     "apic: wanted %s mode on vCPU %lu, got IA32_APIC_BASE %lx and "
	     "fw_x2apic %d",
	     x2apic ? "x2APIC" : "xAPIC", me()->id, base, fw_x2apic);
	/* Its registers are MSRs in x2APIC mode only: SDM vol 3 11.12.1.2. */
	must((vector == 0) == x2apic,
	     "apic: reading the APIC id's MSR gave vector %d in %s mode",
	     vector, mode());
	must(lapic_read(LAPIC_SVR) == (LAPIC_SVR_ENABLE | VECTOR_SPURIOUS),
	     "apic: wanted it enabled in %s mode, got SVR %x", mode(),
	     lapic_read(LAPIC_SVR));
	return true;
}

bool in_each_apic_mode(bool (*fn)(void))
{
	bool x2apic = (fw_boot->flags & BOOT_X2APIC) != 0;
	bool holds;

	if (!is_in_mode(x2apic) || !fn())
		return false;
	if (!x2apic)
		return true;
	lapic_write(LAPIC_SVR, SVR_RESET); /* KVM leaves it as it was */
	lapic_set_mode(false);
	holds = is_in_mode(false) && fn();
	lapic_write(LAPIC_SVR, SVR_RESET);
	lapic_set_mode(true);
	return holds && is_in_mode(true) && fn();
}

static void apic(void *arg)
{
	(void)arg;
	in_each_apic_mode(each_way);
}

bool selftest_apic(void)
{
	if (!(fw_boot->flags & BOOT_X2APIC))
		left_out("apic", "x2APIC mode: this machine has xAPIC mode "
				 "only");
	return on_each_vcpu(apic, NULL);
}
