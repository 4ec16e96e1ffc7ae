/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * smp.h - jobs on the other vCPUs.  vCPU 0 runs the payload; the others wait,
 * halted (spinning without a local APIC), until vCPU 0 gives them a function.
 */
#ifndef FW_SMP_H
#define FW_SMP_H

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

/* Spins for that many cycles. */
static inline void pause_for(uint64_t tsc)
{
	uint64_t until = rdtsc() + tsc;

	while (rdtsc() < until)
		cpu_relax();
}

/* Waits, spinning, until *word is at least value. */
static inline void wait_for(const volatile uint64_t *word, uint64_t value)
{
	while (*word < value)
		cpu_relax();
}

#endif
