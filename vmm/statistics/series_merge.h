/* SPDX-License-Identifier: BSD-2-Clause */
/* series_merge.h - series that were recorded at the same time as one. */
#ifndef VMM_STATISTICS_SERIES_MERGE_H
#define VMM_STATISTICS_SERIES_MERGE_H

#include <stdbool.h>

#include "guest-firmware/abi/series.h"

/*
 * The samples of nr vCPUs, at least one, each of which was checked
 * (series_wrong()): the first of all, then the second of all, and so on. What
 * delays all of them at once is one event then.  False: they do not keep step.
 */
bool series_merge(struct series *to, const struct series *const *from,
		  unsigned int nr);

#endif
