/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer.c - the APIC timer, by its count and by the TSC deadline: when it
 * comes, and that it does not once it is off.
 */
#include "payloads/selftest/selftest.h"

/*
 * KVM's timers run on a clock that the host's NTP makes faster or slower, by at
 * most 0.05 %: one may be early by as much of the time it was set ahead.
 */
#define EARLY_ONE_IN 1000

#define LAPIC_TMCCT 0x390	/* SDM vol 3 11.5.4 */
#define FAR_TICKS   0xfffffff0u /* 4 s of KVM's 1 ns ticks */

static const struct timer timers[] = {
	{.mode = TIMER_ONESHOT, .idle = {.mode = IDLE_HLT}},
	{.mode = TIMER_DEADLINE, .idle = {.mode = IDLE_HLT}},
};

static const char *name(const struct timer *t)
{
	return t->mode == TIMER_DEADLINE ? "deadline" : "one-shot";
}

static bool comes_then(const struct timer *t, uint64_t wait_us)
{
	uint64_t wait = us_to_tsc(wait_us), irqs = me()->irqs;
	uint64_t due = rdtsc() + wait, came;

	timer_wait_until(t, due);
	came = me()->irq_tsc;
	lapic_eoi();
	must(me()->irqs == irqs + 1 && me()->irq_vector == VECTOR_TIMER,
	     "timer: wanted 1 interrupt of the %s timer on vCPU %lu, got %lu",
	     name(t), me()->id, me()->irqs - irqs);
	must((int64_t)(came + wait / EARLY_ONE_IN - due) >= 0,
	     "timer: a %s timer %lu us ahead came %lu cycles early on vCPU "
	     "%lu",
	     name(t), wait_us, due - came, me()->id);
	return true;
}

/* Interrupts are off: one that has come waits until it is taken. */
static bool is_taken(const struct timer *t, uint64_t wait_us)
{
	uint64_t irqs = me()->irqs, due = rdtsc() + us_to_tsc(wait_us);

	timer_set(t, due);
	must(comes(VECTOR_TIMER), "timer: a %s timer did not come on vCPU %lu",
	     name(t), me()->id);
	must(lapic_timer_take(), "timer: a %s timer was not taken on vCPU %lu",
	     name(t), me()->id);
	must(!in_service(VECTOR_TIMER),
	     "timer: the interrupt of a %s timer was taken and not ended",
	     name(t));
	must(!lapic_timer_take() && me()->irqs == irqs + 1,
	     "timer: wanted 1 interrupt of the %s timer taken, got %lu",
	     name(t), me()->irqs - irqs);
	return true;
}

/*
 * Off before its time, however long that takes.  What it sent all the same is
 * there when an interrupt is, and comes before it.
 */
static bool stays_off(const struct timer *t, uint64_t wait_us)
{
	uint64_t wait = us_to_tsc(wait_us), irqs, due;

	do {
		wait *= 2;
		due = rdtsc() + wait;
		timer_start(t);
		timer_set(t, due);
		irqs = me()->irqs;
		lapic_timer_off();
	} while (rdtsc() >= due);
	pause_for(2 * wait);
	lapic_self_ipi(VECTOR_IRQ_FIRST);
	do
		irq_halt();
	while (me()->irq_vector == 0);
	lapic_eoi();
	must(me()->irq_vector == VECTOR_IRQ_FIRST && me()->irqs == irqs + 1,
	     "timer: a %s timer came after it was off on vCPU %lu", name(t),
	     me()->id);
	return true;
}

static bool each_promise(struct timer t)
{
	const struct param_value *us = &selftest.wait_us;
	uint64_t random = rdtsc() | 1;
	uint64_t between = us->lo + random_below(&random, us->hi - us->lo + 1);

	t.scale = apic_scale();
	timer_start(&t);
	return is_taken(&t, us->lo) && comes_then(&t, us->lo) &&
	       comes_then(&t, us->hi) && comes_then(&t, between) &&
	       stays_off(&t, us->lo);
}

/* As far as the clock says, between the reads around its start and a look. */
static bool counts_down(uint64_t wait_us)
{
	uint64_t scale = apic_scale(), t0, t1, t2, t3, ticks, least, most;

	lapic_timer_mode(LAPIC_LVTT_ONESHOT);
	t0 = rdtsc_ordered();
	lapic_timer_count(FAR_TICKS);
	t1 = rdtsc_ordered();
	pause_for(us_to_tsc(wait_us));
	t2 = rdtsc_ordered();
	ticks = FAR_TICKS - lapic_read(LAPIC_TMCCT);
	t3 = rdtsc_ordered();
	lapic_timer_off();
	if (tsc_to_apic(t3 - t0, scale) >= FAR_TICKS)
		return true; /* the host was away for so long: it is over */
	least = tsc_to_apic(t2 - t1, scale) - 1;
	most = tsc_to_apic(t3 - t0, scale);
	must(ticks >= least - least / EARLY_ONE_IN &&
		     ticks <= most + most / EARLY_ONE_IN,
	     "timer: wanted the count to be %lu to %lu lower on vCPU %lu, got "
	     "%lu",
	     least, most, me()->id, ticks);
	return true;
}

static bool each_timer(void)
{
	if (!counts_down(selftest.wait_us.lo))
		return false;
	for (uint64_t i = 0; i < sizeof(timers) / sizeof(*timers); i++) {
		if (timers[i].mode == TIMER_DEADLINE &&
		    !(fw_boot->flags & BOOT_TSC_DEADLINE))
			continue;
		if (!each_promise(timers[i]))
			return false;
	}
	return true;
}

static void on_this_vcpu(void *arg)
{
	(void)arg;
	in_each_apic_mode(each_timer);
}

/* Ticks that cover a time, and no more than one too many. */
static bool scales(uint64_t ms)
{
	uint64_t wanted = ms * (fw_boot->apic_hz / 1000);
	uint64_t got = tsc_to_apic(us_to_tsc(ms * 1000), apic_scale());

	must(got >= wanted && got <= wanted + 1,
	     "timer: wanted %lu ms to be %lu ticks, got %lu", ms, wanted, got);
	return true;
}

bool selftest_timer(void)
{
	if (!(fw_boot->flags & BOOT_TSC_DEADLINE))
		left_out("timer", "the TSC deadline: this machine has none");
	return scales(1) && scales(7) && scales(1000) &&
	       on_each_vcpu(on_this_vcpu, NULL);
}
