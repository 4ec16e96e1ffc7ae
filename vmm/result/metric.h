/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metric.h - what was measured of one thing on one vCPU, or on several: its
 * samples, and what was counted meanwhile.  A part of result.h.
 */
#ifndef VMM_RESULT_METRIC_H
#define VMM_RESULT_METRIC_H

#include <stdbool.h>
#include <stdint.h>

#include "guest-firmware/abi/hist.h"
#include "guest-firmware/abi/phases.h"
#include "guest-firmware/abi/result.h"
#include "guest-firmware/abi/series.h"
#include "vmm/host/kvm_stats.h"
#include "vmm/host/msr_counts.h"
#include "vmm/statistics/analysis.h"
#include "vmm/statistics/dist.h"
#include "vmm/statistics/tail.h"

/* What one vCPU and its thread did between two moments. */
struct result_counts {
	uint64_t tsc;
	uint64_t cpu_ns;     /* CPU time of the thread, guest and host */
	uint64_t wait_ns;    /* it was runnable and had no CPU */
	uint64_t user_exits; /* the one that ended it too */
	uint64_t asides;     /* of these, exits that no sample has */
	uint64_t nvcsw, nivcsw, minflt, majflt;
	bool migrated;
	struct vcpu_counts guest; /* the guest's own count */
	struct stats kvm;	  /* as result->stats */
};

/* The measured part of a metric, on one vCPU. */
struct result_window {
	bool ended; /* else there is nothing in it */
	struct result_counts counts;
	bool counts_msrs; /* METRIC_COUNTED */
	int msr_error;	  /* why msrs are not known, -errno; 0: they are */
	struct msr_counts msrs; /* by KVM's count */
};

struct result_metric {
	char name[sizeof(((struct metric *)0)->name) + 1];
	char reason[sizeof(((struct metric *)0)->reason) + 1];
	enum metric_status status;
	uint32_t vcpu;
	uint64_t vcpu_set; /* merged: those whose samples it has; else 0 */
	uint32_t flags;
	uint64_t asked, missed, blocking, blind;
	uint64_t left_out;	/* samples that --explain keeps out of hist */
	struct hist *hist;	/* NULL: no samples */
	struct hist *early;	/* NULL: not signed */
	struct hist *unmet;	/* METRIC_DEADLINES: how late those were that
				 * have no sample; else NULL */
	struct hist *deadlines; /* hist and unmet; NULL: nothing is unmet */
	struct phases *phases;	/* of the host's tick; NULL: not known */
	struct series *series;	/* the order of both; NULL: not known */
	const struct result_window
		*window; /* of its vCPU; NULL: not complete */
	uint32_t window_index;
	/* Others of the result, or NULL: what it is compared with, what is left
	 * out costs by itself, the base's less its own in rounds, and what it
	 * has some samples of. */
	const struct result_metric *base, *unit, *gain, *whole;
	struct analysis analysis; /* of both histograms */
	unsigned int nr_rounds;	  /* that it has samples of; 0: one run */
	struct analysis *rounds;  /* nr_rounds, each alone */
	bool has_tail;		  /* it was tried, that is */
	struct tail tail;
};

/* Do its times mean something by themselves? */
static inline bool result_is_shown(const struct result_metric *m)
{
	return !(m->flags & (METRIC_COUNTED | METRIC_PART));
}

/* Both histograms as one distribution; those of a metric that has some. */
static inline struct dist metric_dist(const struct result_metric *m)
{
	return (struct dist){.late = m->hist, .early = m->early};
}

/* The same of deadlines, those without a sample among them. */
static inline struct dist metric_deadlines(const struct result_metric *m)
{
	return (struct dist){.late = m->deadlines ? m->deadlines : m->hist,
			     .early = m->early};
}

static inline bool metric_has_samples(const struct result_metric *m)
{
	struct dist d = metric_dist(m);

	return m->hist && dist_count(&d) != 0;
}

#endif
