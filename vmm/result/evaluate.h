/* SPDX-License-Identifier: BSD-2-Clause */
/* evaluate.h - from what the guest left behind to a verdict. */
#ifndef VMM_RESULT_EVALUATE_H
#define VMM_RESULT_EVALUATE_H

#include "vmm/host/claim.h"
#include "vmm/result/result.h"

/* Everything that is worked out of a run that has ended, in its order. */
void result_evaluate(struct result *r, enum stop_reason why,
		     const struct claim *claim);

#endif
