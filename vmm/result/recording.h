/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * recording.h - what --explain recorded of a run, kept for files that others
 * read: the host's events, and the samples beside which they happened.
 */
#ifndef VMM_RESULT_RECORDING_H
#define VMM_RESULT_RECORDING_H

#include <stdbool.h>
#include <stdio.h>

#include "guest-firmware/abi/raw.h"
#include "vmm/base/ticks.h"
#include "vmm/host/host.h"
#include "vmm/result/explain.h"
#include "vmm/result/metric.h"

/* A metric whose samples are cut, and those in blocks with events. */
struct recorded_metric {
	char name[sizeof(((struct result_metric *)0)->name)];
	enum span_kind kind;
	uint32_t vcpu;
	struct raw_entry *samples; /* nr of them, by when they end */
	size_t nr;
};

struct recording {
	bool taken; /* false: nothing was recorded */
	struct explain_trace trace;
	struct span_host host;
	struct ticks ticks;
	uint64_t tsc_khz;
	char kernel[HOST_TEXT_LEN], kvm_module[HOST_TEXT_LEN];
	unsigned int nr;
	struct recorded_metric metrics[RESULT_MAX_METRICS]; /* nr of them */
};

/* Empty; dies without memory. */
struct recording *recording_new(void);

/*
 * One more metric, its nr samples in any order.  They are the recording's from
 * then on.
 */
void recording_add(struct recording *r, const struct result_metric *m,
		   enum span_kind kind, struct raw_entry *samples, size_t nr);

/* A sample that came too early has no span, and is left out. */
bool recorded_span(const struct recorded_metric *m, size_t i,
		   struct span *span);

/* The file of --events, docs/explain.md.  False: errno says why. */
bool recording_write(const struct recording *r, FILE *out);

/* But for what the trace has; NULL does nothing. */
void recording_free(struct recording *r);

#endif
