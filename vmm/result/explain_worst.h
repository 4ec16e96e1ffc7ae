/* SPDX-License-Identifier: BSD-2-Clause */
/* explain_worst.h - the worst samples, and what they have in common: a part of
 * explain.h. */
#ifndef VMM_RESULT_EXPLAIN_WORST_H
#define VMM_RESULT_EXPLAIN_WORST_H

#include "vmm/result/explain.h"

/* A sample and its boundaries. */
struct explained {
	struct span span;
	struct span_cut cut;
};

/* How long the stage is that ends at boundary i, which was found. */
uint64_t explained_stage(const struct explained *e, unsigned int i);

/*
 * What the parts first to last of a sample usually take, at most: the least of
 * what they do on all ways, for a way may be one of disturbed samples only.
 */
uint64_t explain_usual(const struct explain *x, unsigned int first,
		       unsigned int last);

/* Of nr cut samples: x->worst and x->tally; x->classes are there. */
void explain_worst(struct explain *x, const struct explained *e, size_t nr,
		   const struct trace_log *log, const struct span_host *host);

/* x->tally: the causes of the worst that there are. */
void explain_tally(struct explain *x);

#endif
