/* SPDX-License-Identifier: BSD-2-Clause */
/* evaluate.h - from what the guest left behind to a verdict. */
#ifndef VMM_RESULT_EVALUATE_H
#define VMM_RESULT_EVALUATE_H

#include "vmm/result/ended.h"
#include "vmm/result/result.h"

/*
 * Everything that is taken out of a run and worked out of it, in its order.  r:
 * as result_describe() leaves it, with its clocks and counts of restarts.
 */
void result_evaluate(struct result *r, const struct ended_run *run);

#endif
