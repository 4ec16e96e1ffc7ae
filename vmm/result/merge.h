/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * merge.h - one metric out of those of several vCPUs that have the same name:
 * all of their samples together.
 */
#ifndef VMM_RESULT_MERGE_H
#define VMM_RESULT_MERGE_H

#include "vmm/result/result.h"

/*
 * Fills in r->merged.  Metrics of one name are merged if each is of another
 * vCPU, at least two have histograms, and all have the same flags; not if their
 * counts do not fit into 63 bits, which only a guest that lies can bring about.
 */
void result_merge(struct result *r);

#endif
