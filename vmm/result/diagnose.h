/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * diagnose.h - why a result shows what it shows: those of doctor's checks that
 * find it on this host, each once.
 */
#ifndef VMM_RESULT_DIAGNOSE_H
#define VMM_RESULT_DIAGNOSE_H

#include "vmm/result/result.h"

/*
 * Of r, whose figures are worked out, while its host is still as it was: fills
 * in r->findings.  root: NULL: this machine, or a copy of one (tree.h).
 */
void result_diagnose(struct result *r, const char *root);

#endif
