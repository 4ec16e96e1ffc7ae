/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * threshold.h - an expression of --fail-if: [METRIC:]STAT OP VALUE [UNIT], as
 * in "lateness:p99.9 > 20us" or "missed>0".  judge.h applies it.
 */
#ifndef VMM_SETUP_THRESHOLD_H
#define VMM_SETUP_THRESHOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define THRESHOLD_MAX	   16 /* in one command */
#define THRESHOLD_TEXT_LEN 96

enum threshold_stat {
	THRESHOLD_MIN, /* times ... */
	THRESHOLD_MEAN,
	THRESHOLD_MAX_SEEN,
	THRESHOLD_QUANTILE,
	THRESHOLD_MISSED, /* ... and counts */
	THRESHOLD_EARLY,
	THRESHOLD_SAMPLES,
	THRESHOLD_OUT_OF_RANGE,
	NR_THRESHOLD_STATS,
};

/* Of times; the last two are the same number, each for its own hosts. */
enum threshold_unit {
	THRESHOLD_NS,
	THRESHOLD_CYCLES,
	THRESHOLD_INSNS, /* where the TSC counts instructions, ticks.h */
};

enum threshold_op {
	THRESHOLD_ABOVE,
	THRESHOLD_AT_LEAST,
	THRESHOLD_BELOW,
	THRESHOLD_AT_MOST,
};

struct threshold {
	char text[THRESHOLD_TEXT_LEN]; /* as it was given, printable */
	char metric[33];	       /* empty: every one */
	char stat_name[16];	       /* "p99.9" */
	enum threshold_stat stat;
	uint32_t q; /* of QUANTILE_ONE: THRESHOLD_QUANTILE only */
	enum threshold_op op;
	enum threshold_unit unit;
	double value;	/* of times */
	uint64_t count; /* of counts */
};

/* NULL, or error (len bytes) with what was wanted and what was got. */
const char *threshold_parse(struct threshold *t, const char *text, char *error,
			    size_t len);

/* Samples, missed and so on: plain numbers. */
bool threshold_is_count(const struct threshold *t);

/* How many samples its percentile takes: THRESHOLD_QUANTILE only. */
uint32_t threshold_samples(const struct threshold *t);

/* Does the measured value break it?  In t->unit. */
bool threshold_breaks_time(const struct threshold *t, double value);
bool threshold_breaks_count(const struct threshold *t, uint64_t value);

#endif
