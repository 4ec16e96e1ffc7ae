/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * slow_path.h - a register that is handled in one place or another: the guest's
 * side of abi/slow_path.h.  For payloads with PAYLOAD_SLOW_PATH.  Each call is
 * an exit to userspace, but for a write that KVM takes.
 */
#ifndef FW_SLOW_PATH_H
#define FW_SLOW_PATH_H

#include "guest-firmware/abi/slow_path.h"
#include "guest-firmware/clock.h"
#include "guest-firmware/percpu.h"
#include "guest-firmware/smp.h"
#include "guest-firmware/x86.h"

/* A write, timed; *t1: when it was done. */
static inline uint64_t slow_write(enum slow_place place, uint64_t *t1)
{
	uint64_t t0 = rdtsc_ordered();

	outl(SLOW_PORT(place), 1);
	*t1 = rdtsc_ordered();
	if (place != SLOW_KERNEL)
		me()->counts.pio++;
	return *t1 - t0;
}

/* How many writes were handled there. */
static inline uint32_t slow_nr_writes(enum slow_place place)
{
	me()->counts.pio++;
	return inl(SLOW_PORT(place));
}

/* Holds the lock until the helper has waited for it for hold_us. */
static inline void slow_hold(struct slow_hold *h)
{
	me()->counts.pio++;
	outl(SLOW_HOLD_PORT, (uint32_t)(uintptr_t)h);
}

/* Waits, spinning, until the lock was taken nr times. */
static inline void slow_await_hold(const struct slow_hold *h, uint64_t nr)
{
	/* Pairs with the device's addition. */
	while (__atomic_load_n(&h->held, __ATOMIC_ACQUIRE) < nr)
		cpu_relax();
}

/* In how many of these the helper had to wait for it. */
static inline uint64_t slow_nr_contended(const struct slow_hold *h)
{
	return __atomic_load_n(&h->contended, __ATOMIC_ACQUIRE);
}

#endif
