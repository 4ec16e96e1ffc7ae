/* SPDX-License-Identifier: BSD-2-Clause */
/* series_check.h - is a series out of a guest's memory, or a file, possible? */
#ifndef VMM_STATISTICS_SERIES_CHECK_H
#define VMM_STATISTICS_SERIES_CHECK_H

#include "guest-firmware/abi/series.h"
#include "vmm/statistics/dist.h"

/*
 * nr: samples of its histograms, those out of range too.  NULL: it does not
 * contradict itself, nor them; else what is wrong, for "its series ...".
 */
const char *series_wrong(const struct series *s, uint64_t nr);

/* The same, beside the samples whose order it is. */
const char *series_unlike(const struct series *s, const struct dist *d);

/* Blocks that are full; none of a series of fewer than SERIES_FIRST samples. */
unsigned int series_full(const struct series *s);

#endif
