/* SPDX-License-Identifier: BSD-2-Clause */
/* raw_check.h - what came for --raw against the histograms. */
#ifndef VMM_RESULT_RAW_CHECK_H
#define VMM_RESULT_RAW_CHECK_H

#include "vmm/result/raw.h"
#include "vmm/result/result.h"

/*
 * Compares with the histograms of the metrics that are done, and takes the
 * numbers.  Lost samples are a warning, others that are not there an ERROR.
 */
void result_check_raw(struct result *r, const struct raw *raw);

#endif
