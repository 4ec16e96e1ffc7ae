/* SPDX-License-Identifier: BSD-2-Clause */
/* bench.h - "latvisor bench": the standard suite. */
#ifndef VMM_COMMANDS_BENCH_H
#define VMM_COMMANDS_BENCH_H

#include "vmm/commands/options.h"

/* Runs it; the exit status of the most severe outcome. */
int bench(const struct options *o);

#endif
