/* SPDX-License-Identifier: BSD-2-Clause */
/* hist_add.h - histograms of several runs or vCPUs as one. */
#ifndef VMM_STATISTICS_HIST_ADD_H
#define VMM_STATISTICS_HIST_ADD_H

#include "guest-firmware/abi/hist.h"

/*
 * Adds the samples of from, which was checked (result_take()), to those of to,
 * which hist_init() or this function has made.
 */
void hist_add(struct hist *to, const struct hist *from);

#endif
