/* SPDX-License-Identifier: BSD-2-Clause */
/* text.h - the parts of a report on a terminal. */
#ifndef VMM_REPORT_TEXT_H
#define VMM_REPORT_TEXT_H

#include "vmm/report/report.h"

#define TEXT_GROUPED_LEN 40 /* for report_grouped() */
#define TEXT_WIDTH	 79 /* columns of a terminal that are used */

/*
 * Deadlines without a sample, and time in which none could be had: lines of
 * their own.
 */
void report_unsampled(const struct result *r, const struct result_metric *m,
		      FILE *out);

/* A line of the phases of the host's tick, where they differ. */
void report_phases(const struct result *r, const struct result_metric *m,
		   FILE *out);

/* Samples by the path that they took, where that was asked. */
void report_paths(const struct result *r, const struct result_metric *m,
		  FILE *out);

/* "lateness (vCPU 2)", "lateness (all vCPUs)"; returns text. */
#define TEXT_LABEL_LEN 64
const char *text_label(const struct result *r, const struct result_metric *m,
		       char *text);

/* Is its name that of another vCPU's metric too? */
bool text_is_shared(const struct result *r, const struct result_metric *m);

/* samples, min, quantiles, max: what two tables have in the unit. */
void text_value_cells(const struct result *r, const struct analysis *a,
		      FILE *out);

/*
 * Is there a metric of two clock reads with nothing between them?  Then the
 * table of many metrics has a column from which it is subtracted.
 */
bool text_has_baseline(const struct result *r);

/* The lines above all tables. */
void report_head(const struct result *r, FILE *out);

/* One of them: what of KVM decides the figures, as KVM says it. */
void report_path(const struct result *r, FILE *out);

/* What the vCPUs' threads had, "SCHED_FIFO 80" in the most usual case; of a run
 * that was not in real time only if it was not the same for all. */
void report_policies(const struct result *r, FILE *out);

/* What was chosen for it and told; cpus: a list, ""; nothing where all was
 * named. */
void report_placed(const struct result_placed *m, const char *cpus, FILE *out);

/* A line that begins with "path", wrapped; spoils the text. */
void report_path_line(char *text, FILE *out);

/* The same of a metric of several rounds: how they differ, and the bounds. */
void report_rounds(const struct result *r, const struct result_metric *m,
		   FILE *out);

/* The stages of a way, a line each; in us or ms, where ns have no room. */
void report_stages(const struct result *r, const struct explain_class *c,
		   FILE *out);

/*
 * "exit+icr+ipi" from column at on, over as many lines as it takes, those
 * behind the first from indent on.  True: what follows has no room on that
 * line.
 */
bool text_parts(const char *name, int at, int indent, FILE *out);

/* What --explain found out, of each metric. */
void report_explain(const struct result *r, FILE *out);

/* What --exits did. */
void report_exits(const struct result *r, FILE *out);

/* All metrics, and the operations among the merged ones, a line each. */
void report_wide(const struct result *r, FILE *out);

/* One metric, a line for each figure. */
void report_tall(const struct result *r, const struct result_metric *m,
		 FILE *out);

#endif
