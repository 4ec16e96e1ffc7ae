/* SPDX-License-Identifier: BSD-2-Clause */
/* pulses.h - the pulse port of a VM without KVM, for its tests. */
#ifndef TESTS_UNIT_PULSES_H
#define TESTS_UNIT_PULSES_H

#include "guest-firmware/abi/pulse.h"
#include "tests/unit/fake_vm.h"
#include "vmm/machine/devices.h"
#include "vmm/machine/vcpu.h"

#define PULSES_RAM 0x200000ull
#define GPA	   (LAYOUT_BASE + PULSES_RAM - sizeof(struct pulse))
#define US	   2000ull /* cycles: the fake VM's tsc_khz / 1000 */

struct pulses {
	struct fake_vm *f;
	struct vm *vm;
	struct vcpu vcpu;
	const struct device *device;
	struct pulse *shared;
};

void pulses_open(struct pulses *p);

void pulses_close(struct pulses *p);

/* The guest writes to the port. */
bool pulses_ask(struct pulses *p, gpa_t gpa);

/* The main thread takes the request. */
void pulses_start(struct pulses *p);

/* The timer has expired. */
void pulses_expire(struct pulses *p);

/* How often the eventfd was written; 0: not at all. */
uint64_t pulses_taken(int fd);

bool pulses_armed(const struct pulses *p);

uint64_t pulses_stat(const struct pulses *p, unsigned int i);

#endif
