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

/* Of nr cut samples: x->worst and x->tally; x->classes are there. */
void explain_worst(struct explain *x, const struct explained *e, size_t nr,
		   const struct trace_log *log, const struct span_host *host);

/* x->tally: the causes of the worst that there are. */
void explain_tally(struct explain *x);

#endif
