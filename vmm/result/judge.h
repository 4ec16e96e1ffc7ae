/* SPDX-License-Identifier: BSD-2-Clause */
/* judge.h - the thresholds of --fail-if, applied to what was measured. */
#ifndef VMM_RESULT_JUDGE_H
#define VMM_RESULT_JUDGE_H

#include "vmm/result/result.h"

#define JUDGE_WHY_LEN 128

enum judge_outcome {
	JUDGE_KEPT,
	JUDGE_BROKEN,
	JUDGE_NOT, /* cannot be told: a failure too */
};

/* One threshold and one metric. */
struct judgement {
	const struct threshold *threshold;
	const struct result_metric *metric; /* NULL: none has its name */
	enum judge_outcome outcome;
	double measured;	 /* of times, in cycles */
	uint64_t count;		 /* of counts */
	char why[JUDGE_WHY_LEN]; /* JUDGE_NOT: why */
};

/*
 * Applies every threshold to every metric that it names, vCPU by vCPU, merged
 * ones left out, into r->judged.  A run that is a SKIP measured nothing and is
 * not judged.
 */
void result_judge(struct result *r);

/* What is broken, or cannot be told, makes the verdict a FAIL. */
void result_judge_verdict(struct result *r);

/* "lateness (vCPU 0): p99.9 is 31000 ns", "... : there are no samples". */
void judge_text(const struct result *r, const struct judgement *j, char *text,
		size_t len);

#endif
