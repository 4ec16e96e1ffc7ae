/* SPDX-License-Identifier: BSD-2-Clause */
/* report.h - a result for people and for programs. */
#ifndef VMM_REPORT_H
#define VMM_REPORT_H

#include <stdio.h>

#include "vmm/result.h"

#define RESULT_SCHEMA "latvisor-result/1"

/* The quantiles that every report shows, in order. */
struct report_quantile {
	const char *name; /* "p50" ... */
	uint32_t q;	  /* of QUANTILE_ONE */
};
#define NR_REPORT_QUANTILES 6
extern const struct report_quantile report_quantiles[NR_REPORT_QUANTILES];

/* Cycles to nanoseconds. */
double report_ns(const struct result *r, int64_t cycles);

/* "done", "skip", "timeout", "open". */
const char *report_status(enum metric_status status);

/* Exits KVM counted in a metric's window for each of its samples; -1: not
 * known. */
double report_exits_per_sample(const struct result *r,
			       const struct result_metric *m);

/*
 * How much faster the TSC runs than its nominal rate says, in parts per
 * million of CLOCK_MONOTONIC.  False: the run was too short to tell.
 */
bool report_tsc_ppm(const struct result *r, double *ppm);

/* A line for each metric that is no operation's cost, and their heading. */
void report_summary(const struct result *r, const char *label, FILE *out);
void report_summary_head(FILE *out);

/* A line of it for a run that gave no result. */
void report_summary_text(const char *label, const char *text, FILE *out);

/* 1234567 as "1,234,567", right-aligned behind a space; width 0: neither. */
void report_cell(FILE *out, int width, double value);

/* Tables on a terminal. */
void report_text(const struct result *r, FILE *out);

/*
 * Writes the whole result to path: a temporary file beside it, flushed, then
 * renamed.  0, or -errno with nothing left behind.
 */
int report_json(const struct result *r, const char *path);

/* "2026-01-31T12:00:00Z". */
void report_time(const struct timespec *t, char *text, size_t len);

#endif
