/* SPDX-License-Identifier: BSD-2-Clause */
/* live.h - one line on the terminal while a long run goes on. */
#ifndef VMM_RUN_LIVE_H
#define VMM_RUN_LIVE_H

#include <stdbool.h>

#include "vmm/machine/vm.h"
#include "vmm/setup/setup.h"

/*
 * Shows how far the run is, read racily from the guest's own histogram.
 * False: nothing was shown (--quiet, or stderr is no terminal); else
 * progress_clear() removes it.
 */
bool live_show(const struct vm *vm, const struct run_setup *setup);

#endif
