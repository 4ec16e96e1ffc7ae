/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pulser.h - interrupts for a guest by a timer of the host: timerfd, main
 * thread, eventfd, irqfd, MSI.  abi/pulse.h is the guest's half.
 *
 * A vCPU's thread only leaves a request; the main thread does everything.  So
 * nothing is locked, and nothing waits in a vCPU's thread.
 */
#ifndef VMM_MACHINE_PULSER_H
#define VMM_MACHINE_PULSER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "guest-firmware/abi/boot.h"
#include "guest-firmware/abi/payload.h"
#include "guest-firmware/abi/pulse.h"
#include "vmm/host/kvm.h"

struct vm;

/* What the guest asks for, checked and clamped. */
struct pulse_plan {
	uint32_t vcpu, vector;
	uint64_t gap_lo_ns, gap_spread_ns; /* lo + 0..spread */
};

struct pulser {
	int timer_fd; /* -1: this payload did not ask for pulses */
	int irq_fd;   /* eventfd that KVM turns into an interrupt */
	/* vCPU threads leave a gpa or 0, the main thread takes it away. */
	_Atomic uint64_t request;
	/* The rest is the main thread's. */
	struct pulse *shared; /* in guest memory; NULL: stopped */
	struct pulse_plan plan;
	uint64_t fired, missed, due_tsc;
	uint64_t random;
};

/* Ends with SKIP when the payload wants pulses that this KVM cannot give. */
void pulser_check(const struct kvm *kvm, const struct payload_note *note);

/*
 * After the irqchip was created: opens what pulses need, if the payload asked
 * for them and there is a local APIC.  Dies.
 */
void pulser_create(struct vm *vm);
void pulser_destroy(struct vm *vm);

/* Reads and checks what is at gpa; false: the guest must not ask for that. */
bool pulser_plan(const struct vm *vm, gpa_t gpa, struct pulse_plan *plan);

/* The main thread, when vm->event_fd woke it: does what a vCPU asked for. */
void pulser_serve(struct vm *vm);

/* The main thread, when timer_fd is readable: fires, and arms the next. */
void pulser_fire(struct vm *vm);

#endif
