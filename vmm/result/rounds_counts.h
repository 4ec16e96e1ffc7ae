/* SPDX-License-Identifier: BSD-2-Clause */
/* rounds_counts.h - what is counted in one more round: rounds.h. */
#ifndef VMM_RESULT_ROUNDS_COUNTS_H
#define VMM_RESULT_ROUNDS_COUNTS_H

#include "vmm/result/result.h"

void rounds_add_counts(struct result_counts *to,
		       const struct result_counts *from);

/* What each vCPU had of the host, and of its whole run if it ended by itself.
 */
void rounds_add_vcpus(struct result *all, const struct result *r);

/* Those of the same name, vCPU and metric add up. */
void rounds_add_checks(struct result *all, const struct result *r);

#endif
