/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * beside.h - rounds of one payload, quiet ones and others beside disturbances,
 * in turns: what drifts on the host hits them all alike.
 */
#ifndef VMM_RUN_BESIDE_H
#define VMM_RUN_BESIDE_H

#include "vmm/run/round.h"
#include "vmm/run/stress_keeper.h"

#define BESIDE_ROUNDS 3 /* of each, where nobody says how many */

/*
 * nr rounds of each; what comes of it is the quiet rounds' result, which take
 * gets.  k was started with the plan, of setup's placement.
 */
struct run_outcome run_beside(struct run_setup *setup,
			      const struct stress_plan *plan,
			      struct stress_keeper *k, unsigned int nr,
			      run_taker *take);

#endif
