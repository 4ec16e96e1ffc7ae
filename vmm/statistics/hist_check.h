/* SPDX-License-Identifier: BSD-2-Clause */
/* hist_check.h - is a histogram out of a guest's memory, or a file, possible?
 */
#ifndef VMM_STATISTICS_HIST_CHECK_H
#define VMM_STATISTICS_HIST_CHECK_H

#include "guest-firmware/abi/hist.h"

/*
 * What the percentiles come from must not contradict itself.  NULL: it does
 * not; else what is wrong, for "its histogram ...".
 */
const char *hist_wrong(const struct hist *h);

/*
 * A vCPU that was stopped may be between two stores of one sample: what is in
 * the buckets counts.
 */
void hist_settle(struct hist *h);

#endif
