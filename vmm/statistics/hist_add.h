/* SPDX-License-Identifier: BSD-2-Clause */
/* hist_add.h - histograms of several runs or vCPUs as one. */
#ifndef VMM_STATISTICS_HIST_ADD_H
#define VMM_STATISTICS_HIST_ADD_H

#include <stdbool.h>

#include "guest-firmware/abi/hist.h"

/*
 * Adds the samples of from to those of to; both are right (hist_wrong()), and
 * the list of the second is the host's own: hist_init(), hist_adopt().  False:
 * together they are more than there can be, and nothing was added.
 */
bool hist_add(struct hist *to, const struct hist *from);

#endif
