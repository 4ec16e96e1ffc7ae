/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer.h - waiting for a time of the TSC by the APIC timer, in each of the
 * modes that a payload offers as a parameter.
 */
#ifndef FW_TIMER_H
#define FW_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include "guest-firmware/clock.h"
#include "guest-firmware/idle.h"
#include "guest-firmware/lapic.h"
#include "guest-firmware/percpu.h"
#include "guest-firmware/x86.h"

/* As the choices of the parameter: "deadline|oneshot", or all three. */
enum timer_mode {
	TIMER_DEADLINE,
	TIMER_ONESHOT,
	TIMER_PERIODIC /* nothing is programmed for a single time */
};

struct timer {
	enum timer_mode mode;
	struct idle idle;
	uint64_t scale; /* apic_scale() */
};

/* Puts this vCPU's APIC timer into that mode. */
void timer_start(const struct timer *t);

/* Returns in its interrupt, which is in service until lapic_eoi(). */
static inline void timer_wait(const struct timer *t)
{
	do
		idle_wait(&t->idle);
	while (me()->irq_vector != VECTOR_TIMER);
}

/* Not for TIMER_PERIODIC.  False: the count does not reach that far. */
static inline bool timer_set(const struct timer *t, uint64_t due)
{
	int64_t left;
	uint32_t ticks;

	if (t->mode == TIMER_DEADLINE) {
		lapic_timer_deadline(due);
		return true;
	}
	left = (int64_t)(due - rdtsc());
	ticks = tsc_to_apic(left > 0 ? (uint64_t)left : 0, t->scale);
	lapic_timer_count(ticks);
	return ticks != UINT32_MAX;
}

/*
 * As timer_wait(), for the time due.  A count that does not reach that far is
 * set anew when it is over: such an interrupt is not the one waited for.
 */
static inline void timer_wait_until(const struct timer *t, uint64_t due)
{
	for (;;) {
		bool reaches = timer_set(t, due);

		timer_wait(t);
		if (reaches || (int64_t)(me()->irq_tsc - due) >= 0)
			return;
		lapic_eoi();
	}
}

#endif
