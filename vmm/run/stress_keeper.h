/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stress_keeper.h - the process that makes disturbances, ends them, and undoes
 * what they changed: also when latvisor is killed.
 */
#ifndef VMM_RUN_STRESS_KEEPER_H
#define VMM_RUN_STRESS_KEEPER_H

#include "vmm/run/stress_plan.h"

struct stress_keeper;

/*
 * Before anything is opened, locked or given up.  Dies where the host lacks
 * something, in a sentence.
 */
struct stress_keeper *stress_start(const struct stress_plan *plan,
				   const struct placement *p,
				   unsigned int nr_vcpus);

/* Mix i, from now on; false: it could not be begun, why says why. */
bool stress_begin(struct stress_keeper *k, unsigned int i, char *why,
		  size_t len);

/* No more of it; what was done since, and how, in how. */
void stress_end(struct stress_keeper *k, uint64_t *done, char *how, size_t len);

/* NULL does nothing. */
void stress_close(struct stress_keeper *k);

#endif
