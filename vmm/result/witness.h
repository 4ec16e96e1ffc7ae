/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * witness.h - the host's events as a witness of what a metric says of its
 * samples: a part of explain.h.
 */
#ifndef VMM_RESULT_WITNESS_H
#define VMM_RESULT_WITNESS_H

#include "vmm/result/explain_worst.h"

/* What they can say of a sample. */
enum witness {
	WITNESS_NONE, /* nothing */
	WITNESS_TRUE,
	WITNESS_ODD, /* it is not the time of what it is said to be */
};

/*
 * Of SPAN_IPI and SPAN_RTT: one IPI was sent to the other vCPU, where KVM has a
 * part in that.  Of SPAN_TIMER, of a guest with host->arms: the deadline that
 * its vCPU has written last, to IA32_TSC_DEADLINE, is the sample's begin; one
 * that was written before the block of events says nothing.
 */
enum witness witness_of(const struct trace_log *log,
			const struct span_host *host,
			const struct explained *e);

/* x->nr_witnessed and x->nr_odd, of nr samples. */
void explain_witness(struct explain *x, const struct explained *e, size_t nr,
		     const struct trace_log *log, const struct span_host *host);

#endif
