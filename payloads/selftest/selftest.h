/* SPDX-License-Identifier: BSD-2-Clause */
/* selftest.h - what the tests of selftest share. */
#ifndef SELFTEST_SELFTEST_H
#define SELFTEST_SELFTEST_H

#include "guest-firmware/fw.h"

struct selftest {
	uint64_t samples;
	struct param_value wait_us;
};

extern struct selftest selftest;

/* A promise, and in words what is wrong if it does not hold. */
#define must(condition, ...)                        \
	do {                                        \
		if (!(condition)) {                 \
			verdict_error(__VA_ARGS__); \
			return false;               \
		}                                   \
	} while (0)

#define left_out(name, reason) print("test %s: left out: %s\n", name, reason)

/* One after the other, from vCPU 0 on.  False: there is a verdict. */
bool on_each_vcpu(void (*fn)(void *), void *arg);

/* At once.  A verdict is vCPU 0's to give, afterwards. */
void on_all_vcpus(void (*fn)(void *), void *arg);

/*
 * What does not come in that time does not come: no host is so late that the
 * run's limit would not end it anyway.
 */
#define PATIENCE_US 30000000

/* Waits until every vCPU is there; for functions of on_all_vcpus(). */
void meet(_Atomic uint64_t *here);

#define LAPIC_ISR 0x100 /* 8 registers, 0x10 apart: SDM vol 3 11.8.4 */

/* Was it taken, and has not been ended? */
static inline bool in_service(uint32_t vector)
{
	uint32_t reg = lapic_read(LAPIC_ISR + vector / 32 * 0x10);

	return (reg >> vector % 32 & 1) != 0;
}

/* Has an interrupt come in the time of our patience?  They are off. */
bool comes(uint32_t vector);

/* Calls fn in each mode that the APIC of this vCPU has, and goes back. */
bool in_each_apic_mode(bool (*fn)(void));

/* Times of wait_us: in three modes of the APIC, each of two timers. */
#define SELFTEST_WAITS	   9
#define SELFTEST_WAITS_MAX (3 * 2 * SELFTEST_WAITS * MAX_VCPUS)

/* The tests.  False: a promise does not hold, there is a verdict. */
bool selftest_print(void);
bool selftest_params(void);
bool selftest_hist(void);
bool selftest_trap(void);
bool selftest_stack(void);
bool selftest_smp(void);
bool selftest_clock(void);
bool selftest_apic(void);
bool selftest_timer(void);

#endif
