/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * threshold_check.h - thresholds that the payload cannot meet, found out before
 * the VM exists, by the metrics that its notes name.
 */
#ifndef VMM_SETUP_THRESHOLD_CHECK_H
#define VMM_SETUP_THRESHOLD_CHECK_H

#include "vmm/setup/setup.h"

/*
 * Dies of a metric that the payload has not, and of a percentile that takes
 * more samples than there can be.  A payload that names no metrics, and a
 * number of samples that nobody knows, are judged after the run.  rounds: how
 * many are judged together, at least 1.
 */
void thresholds_check(const struct run_setup *setup, unsigned int rounds);

/*
 * The same of a row of several, whose name is row, and of those thresholds only
 * that it has a metric for.
 */
void thresholds_check_row(const struct run_setup *setup, const char *row,
			  unsigned int rounds);

/*
 * Bit n: threshold n may be meant for the payload of that name.  For several
 * payloads that share their thresholds.  Dies of a payload that is broken.
 */
uint32_t thresholds_meant_for(const struct config *config, const char *payload);

#endif
