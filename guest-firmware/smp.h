/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * smp.h - jobs on the other vCPUs.  vCPU 0 runs the payload; the others wait,
 * halted (spinning without a local APIC), until vCPU 0 gives them a function.
 */
#ifndef FW_SMP_H
#define FW_SMP_H

#include <stdatomic.h>
#include <stdint.h>

#include "guest-firmware/clock.h"
#include "guest-firmware/x86.h"

struct percpu;

/* The per-vCPU data of another vCPU. */
struct percpu *fw_percpu(uint32_t vcpu);

/* Starts fn(arg) on an idle vCPU, 1..nr_vcpus() - 1.  Only from vCPU 0. */
void on_vcpu(uint32_t vcpu, void (*fn)(void *arg), void *arg);

/* Waits, spinning, until that vCPU's job is done.  Only from vCPU 0. */
void vcpu_join(uint32_t vcpu);

static inline uint32_t nr_vcpus(void)
{
	return fw_boot->nr_vcpus;
}

/* Spins until the clock is there; by how much that was late. */
static inline uint64_t pause_until(uint64_t tsc)
{
	uint64_t clock;

	while ((clock = rdtsc()) < tsc)
		cpu_relax();
	return clock - tsc;
}

/* Spins for that many cycles; the same. */
static inline uint64_t pause_for(uint64_t tsc)
{
	return pause_until(rdtsc() + tsc);
}

/*
 * A word that one vCPU writes and others read: what was written before it is
 * there for who reads it.  Both are plain moves on x86 (SDM vol 3 9.2.2).
 */
static inline uint64_t word_load(const _Atomic uint64_t *word)
{
	return atomic_load_explicit(word, memory_order_acquire);
}

static inline void word_store(_Atomic uint64_t *word, uint64_t value)
{
	atomic_store_explicit(word, value, memory_order_release);
}

/* One more, by its only writer: no locked instruction. */
static inline void word_count(_Atomic uint64_t *word)
{
	word_store(word, atomic_load_explicit(word, memory_order_relaxed) + 1);
}

/* More, by any of its writers. */
static inline void word_add(_Atomic uint64_t *word, uint64_t value)
{
	atomic_fetch_add_explicit(word, value, memory_order_release);
}

/* Waits, spinning, until *word is at least value. */
static inline void wait_for(const _Atomic uint64_t *word, uint64_t value)
{
	while (word_load(word) < value)
		cpu_relax();
}

#endif
