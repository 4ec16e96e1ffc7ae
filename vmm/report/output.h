/* SPDX-License-Identifier: BSD-2-Clause */
/* output.h - everything that a run was asked to leave behind. */
#ifndef VMM_REPORT_OUTPUT_H
#define VMM_REPORT_OUTPUT_H

#include "vmm/run/run.h"

/*
 * Tables on the terminal; the files of --json and --raw.  Dies when one cannot
 * be written, and tries all before.  arg: not used, it is a run_taker.
 */
void report_output(struct result *r, struct run_report *run, void *arg);

#endif
