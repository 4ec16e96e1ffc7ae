/* SPDX-License-Identifier: BSD-2-Clause */
/* score_table.h - what was published, and which figure here is like it. */
#ifndef VMM_REPORT_SCORE_TABLE_H
#define VMM_REPORT_SCORE_TABLE_H

#include <stddef.h>
#include <stdint.h>

/*
 * What carries over to another kind of machine is a count of the guest's own
 * deeds, and the ratio of two figures of one machine.
 */
enum score_kind {
	SCORE_TIME, /* shown in us */
	SCORE_CYCLES,
	SCORE_COUNT, /* exits a sample, by the guest's count, on all vCPUs */
	SCORE_RATIO, /* by another figure */
};

#define SCORE_MAX 80 /* lines */

/* What of a metric a line shows. */
enum score_stat {
	SCORE_MEDIAN,
	SCORE_P999, /* 99.9 % */
	SCORE_MIN,
	SCORE_MAX_SEEN,
	SCORE_MEAN,
	SCORE_START, /* from /dev/kvm to the payload's first instruction */
};

struct score_reference {
	const char *what; /* NULL: one more claim about the line above */
	enum score_kind kind;
	enum score_stat stat;
	const char *run, *metric; /* of the suite; its metric */
	/* The median of another one: it is subtracted, a ratio's divides. */
	const char *by_run, *by_metric;
	const char *published, *source;
};

extern const struct score_reference score_references[];
extern const size_t score_nr_references;

#endif
