/* SPDX-License-Identifier: BSD-2-Clause */
/* vcpu_loop.h - a vCPU's thread: KVM_RUN, again and again. */
#ifndef VMM_MACHINE_VCPU_LOOP_H
#define VMM_MACHINE_VCPU_LOOP_H

#include "vmm/machine/vcpu.h"

/* Body of the thread; arg: struct vcpu.  Writes vm->event_fd at its end. */
void *vcpu_thread(void *arg);

/* From the main thread: makes every vCPU leave the guest soon. */
void vcpus_kick(struct vm *vm);

/* The signal that ends KVM_RUN. */
#define VCPU_KICK_SIGNAL SIGUSR1

#endif
