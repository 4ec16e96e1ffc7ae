/* SPDX-License-Identifier: BSD-2-Clause */
/* evaluate.h - from what the guest left behind to a verdict. */
#ifndef VMM_RESULT_EVALUATE_H
#define VMM_RESULT_EVALUATE_H

#include "vmm/host/claim.h"
#include "vmm/machine/vm.h"
#include "vmm/result/raw.h"
#include "vmm/result/result.h"
#include "vmm/result/stop.h"
#include "vmm/setup/setup.h"

/* What is left of a run. */
struct ended_run {
	const struct run_setup *setup;
	const struct vm *vm;
	enum stop_reason why;
	struct claim *claim;
	const struct raw *raw; /* NULL: no --raw */
};

/*
 * Everything that is taken out of a run and worked out of it, in its order.  r:
 * as result_describe() leaves it, with its clocks and counts of restarts.
 */
void result_evaluate(struct result *r, const struct ended_run *run);

#endif
