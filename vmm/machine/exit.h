/* SPDX-License-Identifier: BSD-2-Clause */
/* exit.h - exits to userspace. */
#ifndef VMM_MACHINE_EXIT_H
#define VMM_MACHINE_EXIT_H

#include "vmm/machine/vcpu.h"

/*
 * Handles the exit in vcpu->run.  False: the vCPU is at its end, and
 * vcpu->state says which.
 */
bool vcpu_handle_exit(struct vcpu *vcpu);

#endif
