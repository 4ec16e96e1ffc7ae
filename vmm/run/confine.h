/* SPDX-License-Identifier: BSD-2-Clause */
/* confine.h - what a run has to leave itself of the program's rights. */
#ifndef VMM_RUN_CONFINE_H
#define VMM_RUN_CONFINE_H

#include "vmm/setup/setup.h"

/*
 * On the main thread, before the run starts any other: vmm/host/sandbox.h.
 * Warns where this host has no sandbox.  Dies.
 */
void confine(const struct run_setup *setup);

#endif
