/* SPDX-License-Identifier: BSD-2-Clause */
/* report.h - a result for people and for programs. */
#ifndef VMM_REPORT_REPORT_H
#define VMM_REPORT_REPORT_H

#include <stdio.h>

#include "vmm/result/result.h"

#define RESULT_SCHEMA "latvisor-result/1"

/* Cycles to nanoseconds: how long something took. */
double report_ns(const struct result *r, int64_t cycles);

/*
 * A figure in the unit of this host's reports, "ns" or "instructions".  In the
 * second, ticks.h, nothing that is a time or a rate is shown.
 */
double report_value(const struct result *r, int64_t cycles);
double report_value_of(const struct result *r, double cycles);
const char *report_unit(const struct result *r);
bool report_insns(const struct result *r);

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

/* "  3 missed  1 out of range" behind a row, of what there is. */
void report_lost(uint64_t missed, uint64_t out_of_range, FILE *out);

/* 1234567 as "1,234,567".  text. */
const char *report_grouped(char *text, size_t len, double value);

#define REPORT_IRQ_SOURCES 5 /* that are named, of all there are */

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

/* A line of it for a run that gave no result. */
void report_summary_text(const char *label, const char *text,
			 const char *verdict, FILE *out);

/* 1234567 as "1,234,567", right-aligned behind a space; width 0: neither. */
void report_cell(FILE *out, int width, double value);

/* What the window of a METRIC_COUNTED metric counted, on all vCPUs. */
enum report_kind {
	KIND_TIMER,
	KIND_ICR,
	KIND_HALT,
	KIND_EOI,
	NR_KINDS,
};
struct report_kinds {
	uint64_t guest[NR_KINDS], kvm[NR_KINDS];
	int error; /* why kvm is not known, -errno; 0: it is.  Not of halts */
};
void report_kinds(const struct result *r, const struct result_metric *m,
		  struct report_kinds *k);

/* Why KVM's count is not known, a few words; NULL: it is. */
const char *report_kinds_unknown(const struct result *r,
				 const struct report_kinds *k);

/* The same as a table, for each of its samples. */
void report_counts(const struct result *r, const struct result_metric *m,
		   FILE *out);

/* A metric against its base, medians in cycles. */
struct report_gain {
	int64_t gain;	    /* the base's less its own */
	int64_t low, high;  /* 95 % interval */
	int64_t unit;	    /* what is left out costs by itself; 0: unknown */
	const char *judged; /* "critical", "no", "unclear", "worse" */
};

/* False: it has no base, or there are no samples. */
bool report_gain(const struct result_metric *m, struct report_gain *g);

/* A table of all that have a base. */
void report_gains(const struct result *r, FILE *out);

/* A line on the rival; nothing where there was none. */
void report_rival(const struct result *r, FILE *out);

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
