/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * explain_pool.h - what --explain found in several rounds, as one: counts add
 * up, percentiles are of all rounds' samples, the worst are those of all
 * rounds.  In which order rounds are added makes no difference to any of it.
 */
#ifndef VMM_RESULT_EXPLAIN_POOL_H
#define VMM_RESULT_EXPLAIN_POOL_H

#include "vmm/result/explain.h"

/* What one more round recorded, its metrics apart. */
void trace_pool(struct result_trace *to, const struct result_trace *from);

/*
 * What a round, from 1, found of its metric number from_metric, if it did, to
 * what there is of number metric.  False: it is another kind of sample, and
 * nothing was added.  Dies without memory.
 */
bool trace_pool_metric(struct result_trace *to, unsigned int metric,
		       const struct result_trace *from,
		       unsigned int from_metric, unsigned int round);

/*
 * After the last round.  Of each way those samples are in its stages that have
 * the boundaries that most of it have, of all rounds; the others are counted.
 */
void trace_pool_end(struct result_trace *t);

/* Frees what it points to. */
void trace_free(struct result_trace *t);

/* The same of one metric. */
void explain_free(struct explain *x);

#endif
