/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * step.h - parts of a payload that some hosts cannot do: each has a limit of
 * its own, and the payload goes on at the next one (struct step of
 * abi/result.h).
 */
#ifndef VMM_RUN_STEP_H
#define VMM_RUN_STEP_H

#include "vmm/machine/vm.h"
#include "vmm/result/result.h"
#include "vmm/result/stop.h"

/* The main thread: the limit of the step that runs is over. */
bool step_is_late(const struct vm *vm);

/*
 * Can the payload go on without the step that ended it?  Yes when the step's
 * time was over, or when the step said that some hosts cannot do it and it
 * died before its first sample.
 */
bool step_ended(const struct vm *vm, enum stop_reason why);

/*
 * The step keeps its samples; the VM is made anew around the same RAM and
 * starts at the next one.  The number of that one.
 */
uint64_t step_end(struct vm *vm, enum stop_reason why, struct result *result);

#endif
