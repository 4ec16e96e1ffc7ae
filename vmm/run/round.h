/* SPDX-License-Identifier: BSD-2-Clause */
/* round.h - a run that is one of several (rounds.h). */
#ifndef VMM_RUN_ROUND_H
#define VMM_RUN_ROUND_H

#include "vmm/run/run.h"

struct rounds {
	bool single;	    /* there is one, which is not one of several */
	struct result *all; /* of those that were run; NULL: none yet */
	run_taker *take;    /* gets all of them together ... */
	void *arg;	    /* ... and this */
};

/*
 * One more.  A round that was interrupted is left out, unless it is the first;
 * after one with a lost vCPU the program ends with what there is.
 */
struct run_outcome run_round(struct run_setup *setup, struct rounds *x);

/* Is there no use in another one? */
bool rounds_are_over(const struct rounds *x);

/*
 * After the last: hands all of them over and frees them.  The status of all; 0
 * if there were none.
 */
int rounds_finish(struct run_setup *setup, struct rounds *x);

#endif
