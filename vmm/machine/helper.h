/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * helper.h - accesses that are handled elsewhere than a device's usually are:
 * on the VM's helper thread, or with the VM's lock for devices held (device.h,
 * .where).  What other programs do with every access, so that it can be
 * measured: the vCPU's thread leaves a request, wakes the helper up, sleeps
 * until that has handled it, and is woken up.
 */
#ifndef VMM_MACHINE_HELPER_H
#define VMM_MACHINE_HELPER_H

#include <stdbool.h>

#include "vmm/machine/vm.h"

#define DEVICE_ELSEWHERE (DEVICE_HELPER | DEVICE_LOCKED)

/* The vCPUs do not run.  thread: it is wanted, beside the lock.  Dies. */
void helper_create(struct vm *vm, bool thread);

/*
 * The vCPUs are at their end.  Ends the thread; false: it does not come to its
 * end.  Without one it is true.
 */
bool helper_quiesce(struct vm *vm);
void helper_destroy(struct vm *vm);

/*
 * On the vCPU's thread: handles an access of a device with DEVICE_ELSEWHERE and
 * returns when that is done.  False: the device refuses it.  When the VM stops
 * meanwhile it is true at once, and vcpu->state says so.
 */
bool helper_access(struct vcpu *vcpu, const struct device *device,
		   struct io_access *io);

/* Behind vm->stop: who waits for the helper looks at that. */
void helper_stop_waiting(struct vm *vm);

#endif
