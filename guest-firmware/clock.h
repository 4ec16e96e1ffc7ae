/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.h - time from the boot record; nothing is calibrated.  Conversions
 * divide, so they belong before the first sample.
 */
#ifndef FW_CLOCK_H
#define FW_CLOCK_H

#include <stdint.h>

#include "guest-firmware/control.h"

/* Microseconds to TSC cycles.  us: below 2^64 / 1000 / tsc in MHz. */
static inline uint64_t us_to_tsc(uint64_t us)
{
	/* Seconds apart from the rest: no product beyond 64 bits. */
	return us / 1000000 * fw_boot->tsc_khz * 1000 +
	       us % 1000000 * fw_boot->tsc_khz / 1000;
}

/*
 * A time or a period of the TSC, to 1/1000 of a cycle: with a clock in kHz, no
 * number of whole microseconds is off, however often it is added.
 */
struct tsc_time {
	uint64_t cycles;
	uint64_t milli; /* below 1000 */
};

/* us: below 2^64 / 1000 / tsc in MHz. */
static inline struct tsc_time us_to_tsc_time(uint64_t us)
{
	return (struct tsc_time){.cycles = us_to_tsc(us),
				 .milli = us % 1000 * fw_boot->tsc_khz % 1000};
}

/* Adds that many periods. */
static inline void tsc_time_add(struct tsc_time *t,
				const struct tsc_time *period, uint64_t periods)
{
	uint64_t milli = t->milli + periods * period->milli;

	t->cycles += periods * period->cycles + milli / 1000;
	t->milli = milli % 1000;
}

/* TSC cycles to APIC timer ticks: ticks = tsc * scale >> 32. */
static inline uint64_t apic_scale(void)
{
	return ((fw_boot->apic_hz / 1000) << 32) / fw_boot->tsc_khz;
}

/*
 * The ticks that cover tsc cycles, rounded up and at least 1: a timer may be
 * late by its resolution, but it is not early by it.  More than the register
 * holds, 4.3 s of KVM's 1 ns ticks, becomes UINT32_MAX: such a timer is early
 * (timer_wait_until() in timer.h sets it again).
 */
static inline uint32_t tsc_to_apic(uint64_t tsc, uint64_t scale)
{
	uint64_t ticks = (uint64_t)(((__uint128_t)tsc * scale) >> 32) + 1;

	return ticks > UINT32_MAX ? UINT32_MAX : (uint32_t)ticks;
}

#endif
