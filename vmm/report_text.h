/* SPDX-License-Identifier: BSD-2-Clause */
/* report_text.h - what the tables of report_text.c and report_tall.c share. */
#ifndef VMM_REPORT_TEXT_H
#define VMM_REPORT_TEXT_H

#include "vmm/report.h"

#define TEXT_GROUPED_LEN 40 /* for report_grouped() */

/* "lateness (vCPU 2)", "lateness (all vCPUs)"; returns text. */
#define TEXT_LABEL_LEN 64
const char *text_label(const struct result *r, const struct result_metric *m,
		       char *text);

/* One metric, a line for each figure. */
void report_tall(const struct result *r, const struct result_metric *m,
		 FILE *out);

#endif
