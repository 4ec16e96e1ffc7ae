/* SPDX-License-Identifier: BSD-2-Clause */
/* ends.h - what the vCPUs that came to an end of their own make of a run. */
#ifndef VMM_RUN_ENDS_H
#define VMM_RUN_ENDS_H

#include <stdbool.h>

#include "vmm/machine/vcpu.h"
#include "vmm/result/stop.h"

bool ends_any(const struct vm *vm, enum vcpu_state state);

/* STOP_ENDED where none of them says more. */
enum stop_reason ends_why(const struct vm *vm);

/* True: all vCPUs are at an end; or one is at an end that ends them all. */
bool ends_run(const struct vm *vm, enum stop_reason *why);

#endif
