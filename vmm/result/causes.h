/* SPDX-License-Identifier: BSD-2-Clause */
/* causes.h - what kept a CPU from what it was to do, by its events. */
#ifndef VMM_RESULT_CAUSES_H
#define VMM_RESULT_CAUSES_H

#include "vmm/host/trace_log.h"
#include "vmm/result/cause.h"
#include "vmm/result/stages.h"

/*
 * What took longest on a CPU between two moments, beside the vCPU that was to
 * run there: CAUSE_NOTHING, if nothing was recorded.  Each moment is what the
 * CPU was in last: an interrupt's are not the thread's that it interrupted.
 */
struct cause cause_find(const struct trace_log *log,
			const struct span_host *host,
			const struct cause_place *place);

#endif
