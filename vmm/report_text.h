/* SPDX-License-Identifier: BSD-2-Clause */
/* report_text.h - what the tables of report_text.c and report_tall.c share. */
#ifndef VMM_REPORT_TEXT_H
#define VMM_REPORT_TEXT_H

#include "vmm/report.h"

#define TEXT_GROUPED_LEN 40 /* for report_grouped() */

/* One metric, a line for each figure. */
void report_tall(const struct result *r, const struct result_metric *m,
		 FILE *out);

#endif
