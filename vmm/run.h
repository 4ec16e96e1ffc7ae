/* SPDX-License-Identifier: BSD-2-Clause */
/* run.h - one run of one payload, from a prepared set-up to its report. */
#ifndef VMM_RUN_H
#define VMM_RUN_H

#include <stdbool.h>
#include <stdio.h>

#include "vmm/setup.h"

struct run_outcome {
	int status; /* exit status that stands for it */
	bool interrupted;
};

/*
 * Runs, reports on the terminal and in the JSON file, frees everything but
 * the set-up.  summary: NULL, or where lines for report_summary_head() go,
 * under that label.
 */
struct run_outcome run_payload(struct run_setup *setup, const char *label,
			       FILE *summary);

#endif
