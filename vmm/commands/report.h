/* SPDX-License-Identifier: BSD-2-Clause */
/* report.h - latvisor report: what a result file says, as run has said it. */
#ifndef VMM_COMMANDS_REPORT_H
#define VMM_COMMANDS_REPORT_H

#include "vmm/commands/options.h"

/* The command; its exit status. */
int report(const struct options *o);

#endif
