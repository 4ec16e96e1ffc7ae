/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rounds.h - several runs of the same, each in a fresh VM, as one result: what
 * differs between runs of this host shows in no single one.
 */
#ifndef VMM_RESULT_ROUNDS_H
#define VMM_RESULT_ROUNDS_H

#include "vmm/result/result.h"

#define ROUNDS_MAX 100

/* Makes the result of a run that of the first round. */
void rounds_begin(struct result *all);

/*
 * Adds one more round: samples, counts and checks are added up, its warnings
 * and a verdict that is not PASS say which one it was.  Metrics are told apart
 * by name and vCPU; one that no earlier round has is left out, with a warning.
 * r stays the caller's.
 */
void rounds_add(struct result *all, const struct result *r);

/*
 * After the last: the figures, what of the host they show, and what --fail-if
 * says to them, and --strict, if strict.  in_suite: see struct result.
 */
void rounds_end(struct result *all, bool in_suite, bool strict);

#endif
