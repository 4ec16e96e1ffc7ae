/* SPDX-License-Identifier: BSD-2-Clause */
/* run.h - one run of one payload, from a prepared set-up to its report. */
#ifndef VMM_RUN_RUN_H
#define VMM_RUN_RUN_H

#include <stdbool.h>

#include "vmm/result/result.h"
#include "vmm/setup/setup.h"

struct run_outcome {
	int status; /* exit status that stands for it */
	bool interrupted;
};

/* What is done with a result. */
typedef void run_taker(struct result *r, void *arg);

/*
 * Runs, hands the result to take(result, arg), frees everything but the
 * set-up.  The result ends with take().
 */
struct run_outcome run_payload(struct run_setup *setup, run_taker *take,
			       void *arg);

#endif
