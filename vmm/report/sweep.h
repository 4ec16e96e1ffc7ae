/* SPDX-License-Identifier: BSD-2-Clause */
/* sweep.h - a sweep for people and for programs. */
#ifndef VMM_REPORT_SWEEP_H
#define VMM_REPORT_SWEEP_H

#include <stdio.h>

#include "vmm/result/sweep_rows.h"

#define SWEEP_LABEL_LEN 96 /* of a row */

/* A line of --explain for each row, at a glance; nothing without it. */
void report_sweep_explained(const struct sweep *s, FILE *out);

/* The table and the plot. */
void report_sweep(const struct sweep *s, FILE *out);

/* The whole sweep into a file, as result_write() does; 0 or -errno. */
int report_json_sweep(const struct sweep *s, const char *path);

#endif
