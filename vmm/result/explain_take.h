/* SPDX-License-Identifier: BSD-2-Clause */
/* explain_take.h - --explain, from a run to its result. */
#ifndef VMM_RESULT_EXPLAIN_TAKE_H
#define VMM_RESULT_EXPLAIN_TAKE_H

#include "vmm/result/ended.h"
#include "vmm/result/result.h"

/*
 * r->trace: with --explain, what was recorded, and of each metric that can be
 * cut what it says.
 * Where something was recorded, for --exits too, what every metric has is then
 * of the samples beside which nothing was: r's metrics are as result_take()
 * leaves them.
 */
void result_explain(struct result *r, const struct ended_run *run);

/* The metrics' part of it, when something was recorded. */
void explain_take_metrics(struct result *r, const struct ended_run *run);

#endif
