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
 * number of samples that nobody knows, are judged after the run.
 */
void thresholds_check(const struct run_setup *setup);

/*
 * Bit n: threshold n may be meant for the payload of that name.  For several
 * payloads that share their thresholds.  Dies of a payload that is broken.
 */
uint32_t thresholds_meant_for(const struct config *config, const char *payload);

#endif
