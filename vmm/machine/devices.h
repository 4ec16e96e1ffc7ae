/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * devices.h - the devices of a VM: the moments of device.h's functions, and
 * their states.  All on the main thread.
 */
#ifndef VMM_MACHINE_DEVICES_H
#define VMM_MACHINE_DEVICES_H

#include <stdbool.h>

#include "vmm/device.h"
#include "vmm/machine/vm.h"

/* Is that device there for this payload? */
bool devices_has(const struct vm *vm, const struct device *device);

/* Its place in the linker set; behind the last one where it is not in it. */
unsigned int device_index(const struct device *device);

/* Is there one with that of DEVICE_*? */
bool devices_any(const struct vm *vm, unsigned int where);

/* What the payload's devices lack, for "PAYLOAD needs ..."; NULL: nothing. */
const char *devices_lack(const struct vm *vm);

/* Their states, zeroed, once a run.  Dies. */
void devices_alloc(struct vm *vm);
void devices_free(struct vm *vm);

/*
 * The vCPUs are there and do not run: puts the devices on the buses and creates
 * them.  Dies when two want one place.
 */
void devices_create(struct vm *vm);

/* After a destroy and before the create of a restart. */
void devices_reset(struct vm *vm);

/* A vCPU's thread has left a request. */
void devices_serve(struct vm *vm);

/* After the vCPUs' end.  False: a device is still busy; do not destroy. */
bool devices_quiesce(struct vm *vm);

/*
 * After devices_quiesce() and before the destroy: sends an interrupt of a
 * device's once more, which no vCPU will see, and tells how KVM delivers it:
 * "inline" by the thread that writes to the eventfd, "not inline" if it did
 * not (a workqueue, or nobody), "unknown" where KVM's tracepoints cannot be
 * counted, "" without such interrupts.  All go one way: they are MSIs to one
 * vCPU.
 */
const char *devices_irq_route(const struct vm *vm);

/*
 * Of devices with DEVICE_KERNEL: KVM takes their writes from now on, and gives
 * that up.  The first one dies.
 */
void kernel_writes_create(struct vm *vm);
void kernel_writes_destroy(struct vm *vm);

/* Each device that the VM has gives back what it took, once. */
void devices_destroy(struct vm *vm);

#endif
