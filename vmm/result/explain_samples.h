/* SPDX-License-Identifier: BSD-2-Clause */
/* explain_samples.h - from samples and events to what explain.h has. */
#ifndef VMM_RESULT_EXPLAIN_SAMPLES_H
#define VMM_RESULT_EXPLAIN_SAMPLES_H

#include "guest-firmware/abi/raw.h"
#include "vmm/result/explain.h"

/*
 * Of nr traced samples in any order, with the metric and kind that x has: all
 * the rest of x, but for the numbers of those that are not traced.  What came
 * too early is not cut.  Dies without memory.
 */
void explain_samples(struct explain *x, uint32_t vcpu,
		     const struct raw_entry *samples, size_t nr,
		     const struct trace_log *log, const struct span_host *host);

/* The commonest way first. */
void explain_sort_classes(struct explain *x);

#endif
