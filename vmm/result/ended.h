/* SPDX-License-Identifier: BSD-2-Clause */
/* ended.h - a run that is over, before its result is made of it. */
#ifndef VMM_RESULT_ENDED_H
#define VMM_RESULT_ENDED_H

#include "vmm/host/claim.h"
#include "vmm/machine/vm.h"
#include "vmm/result/explain.h"
#include "vmm/result/raw.h"
#include "vmm/result/recording.h"
#include "vmm/result/stop.h"
#include "vmm/setup/setup.h"

/* What is left of a run. */
struct ended_run {
	const struct run_setup *setup;
	const struct vm *vm;
	enum stop_reason why;
	struct claim *claim;
	struct raw *raw; /* NULL: no --raw, --explain, --exits */
	const struct explain_trace *trace; /* NULL: nothing was recorded */
	struct recording *recording; /* what others read; NULL: not wanted */
	const char *no_trace;	     /* why it could not; NULL: it could */
};

#endif
