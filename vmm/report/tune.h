/* SPDX-License-Identifier: BSD-2-Clause */
/* tune.h - what latvisor tune changes, as text. */
#ifndef VMM_REPORT_TUNE_H
#define VMM_REPORT_TUNE_H

#include <stdio.h>

#include "vmm/host/tune.h"

/* Each change once, files that get the same together; what is left out, why. */
void tune_text(const struct tune_plan *p, FILE *out);

/* What happened to files, to be told in few lines. */
struct tune_told {
	FILE *out;
	unsigned int nr[NR_TUNE_EVENTS];
};

/* For struct tune_teller: arg: a struct tune_told. */
void tune_tell(void *arg, enum tune_event event, const char *path,
	       const char *what);

/* "restored 12 values" and their like, a line. */
void tune_told_text(const struct tune_told *t);

#endif
