/* SPDX-License-Identifier: BSD-2-Clause */
/* report.h - a result for people and for programs. */
#ifndef VMM_REPORT_REPORT_H
#define VMM_REPORT_REPORT_H

#include <stdio.h>

#include "vmm/result/figures.h"
#include "vmm/result/gain.h"
#include "vmm/result/kinds.h"
#include "vmm/result/result.h"

/* "  3 missed  1 out of range" behind a row, of what there is. */
void report_lost(uint64_t missed, uint64_t out_of_range, FILE *out);

/* ", 3 warnings" behind a verdict; nothing where there are none. */
void report_warned(unsigned int nr, FILE *out);

/* 1234567 as "1,234,567".  text. */
const char *report_grouped(char *text, size_t len, double value);

/*
 * What a metric's window cost the host, a second, unless it is short; of
 * METRIC_GAPS, how much of it was lost, and what the host did meanwhile.
 */
void report_window(const struct result *r, const struct result_metric *m,
		   FILE *out);

/* What a row of the table of many metrics has no room for. */
void report_beside(const struct result *r, FILE *out);

/* A line for each metric that is no operation's cost, one for all vCPUs, and
 * their heading. */
void report_summary(const struct result *r, const char *label, FILE *out);
void report_summary_head(const struct ticks *t, FILE *out);

/* A line of it for a run that gave no figures: why it did not. */
void report_summary_why(const char *label, enum verdict verdict,
			const char *reason, unsigned int nr_warnings,
			FILE *out);

/* What the line "path:" says of a run, without that word; to be freed. */
char *report_path_text(const struct result *r);

/*
 * The line, or one for each path where runs took several: which runs did.
 * paths: of nr runs, NULL: it has none.  names: of the runs; NULL: they are
 * rows of a table, by their number.
 */
void report_run_paths(char *const *paths, const char *const *names,
		      unsigned int nr, FILE *out);

/*
 * --explain at a glance: a line for each metric that is no operation's cost; a
 * line for any; their heading.
 */
void report_explained_rows(const struct result *r, const char *label,
			   FILE *out);
void report_explained(const struct explain *x, const char *label,
		      const struct ticks *t, uint64_t tsc_khz, FILE *out);
void report_explained_head(const struct ticks *t, FILE *out);

/* Below a table that has a column of them. */
#define TEXT_WHOSE_EXITS \
	"exits: of each sample, of the vCPU that measured, by KVM's count\n"

/* 1234567 as "1,234,567", right-aligned behind a space; width 0: neither. */
void report_cell(FILE *out, int width, double value);

/* What a METRIC_COUNTED metric counted, for each of its samples. */
void report_counts(const struct result *r, const struct result_metric *m,
		   FILE *out);

/* A table of all that have a base. */
void report_gains(const struct result *r, FILE *out);

/* Where the guest died: which instruction, registers.  Nothing when it is fine.
 */
void report_crash(const struct result *r, FILE *out);

/* A line for each vCPU that the run's limit stopped. */
void report_stopped(const struct result *r, FILE *out);

/* A line for each device that has something to say. */
void report_devices(const struct result *r, FILE *out);

/* A line for each vCPU that measured: what happened on its CPU meanwhile. */
void report_proof(const struct result *r, FILE *to);

/* --stress: each metric without and beside each disturbance. */
void report_stress(const struct result *r, FILE *out);

/* Why it may be so, by doctor's checks; nothing where none fails. */
void report_findings(const struct result *r, FILE *out);

/* Tables on a terminal. */
void report_text(const struct result *r, FILE *out);

#endif
