/* SPDX-License-Identifier: BSD-2-Clause */
/* device_worker.h - devices' threads, beside what device.h says of them. */
#ifndef VMM_MACHINE_DEVICE_WORKER_H
#define VMM_MACHINE_DEVICE_WORKER_H

#include <sys/types.h>

#include "vmm/machine/vm.h"

/* device_worker_new() for any CPU; prio: of SCHED_FIFO, 0: an ordinary one. */
struct device_worker *worker_new(struct vm *vm, int cpu, int prio,
				 void (*work)(void *state), void *state);

/*
 * The ids of the threads that devices have, VM_MAX_WORKERS at most, 0 for one
 * that has not run yet; how many.
 */
unsigned int devices_tids(const struct vm *vm, pid_t *tids);

#endif
