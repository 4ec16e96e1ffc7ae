/* SPDX-License-Identifier: BSD-2-Clause */
/* run.h - one run of one payload, from a prepared set-up to its report. */
#ifndef VMM_RUN_RUN_H
#define VMM_RUN_RUN_H

#include <stdbool.h>

#include "vmm/result/raw.h"
#include "vmm/result/recording.h"
#include "vmm/result/result.h"
#include "vmm/setup/setup.h"

struct run_outcome {
	int status; /* exit status that stands for it */
	bool interrupted;
	bool broke; /* it has a sample above --break-at */
};

/* What a result comes with. */
struct run_report {
	const struct run_setup *setup;
	struct raw *raw;	     /* NULL: no --raw */
	struct recording *recording; /* NULL: nobody wants it */
	int status; /* the program's, if it ended with this run */
	bool kept;  /* the taker frees the result */
};

/* What is done with a result, which ends with it, unless it is kept. */
typedef void run_taker(struct result *r, struct run_report *run, void *arg);

/*
 * Runs, gives up the VM, hands the result to take(result, report, arg), frees
 * everything but the set-up.
 */
struct run_outcome run_payload(struct run_setup *setup, run_taker *take,
			       void *arg);

#endif
