/* SPDX-License-Identifier: BSD-2-Clause */
/* deadlines.h - periods that were not kept, and senders that could not send. */
#ifndef VMM_RESULT_DEADLINES_H
#define VMM_RESULT_DEADLINES_H

#include "vmm/result/result.h"

/*
 * More than one deadline in a thousand missed is a warning; more than half of
 * them is a FAIL.  A sender that for more than 5 % of a window could not send
 * what was due is a warning, too.
 */
void result_check_deadlines(struct result *r);

/* All deadlines of a metric: its samples, and those that have none. */
uint64_t result_deadlines(const struct result_metric *m);

#endif
