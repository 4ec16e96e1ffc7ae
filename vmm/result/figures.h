/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * figures.h - what is worked out of a result for all reports, and the one place
 * that decides what unit figures are in.
 */
#ifndef VMM_RESULT_FIGURES_H
#define VMM_RESULT_FIGURES_H

#include "vmm/result/result.h"

/* Cycles to nanoseconds: how long something took. */
double result_ns(const struct result *r, int64_t cycles);

/*
 * A figure in the unit of this host's reports, "ns" or "instructions".  In the
 * second, ticks.h, nothing that is a time or a rate is shown.
 */
double result_value(const struct result *r, int64_t cycles);
double result_value_of(const struct result *r, double cycles);
const char *result_unit(const struct result *r);
bool result_insns(const struct result *r);

/*
 * Exits in its windows that are the vmm's own: one ended each round's, and
 * those that asked it for something between two samples.
 */
uint64_t result_own_exits(const struct result_metric *m);

/* Exits KVM counted in a metric's window for each of its samples; -1: not
 * known. */
double result_exits_per_sample(const struct result *r,
			       const struct result_metric *m);

/*
 * How much faster the TSC runs than its nominal rate says, in parts per
 * million of CLOCK_MONOTONIC.  False: the run was too short to tell.
 */
bool result_tsc_ppm(const struct result *r, double *ppm);

#endif
