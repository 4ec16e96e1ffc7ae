/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wake_paths.h - the samples of a wake-up once more, by how the vCPU waited for
 * it: least and median of one path are no mixture of several.
 */
#ifndef FW_WAKE_PATHS_H
#define FW_WAKE_PATHS_H

#include "guest-firmware/metric.h"

/* Written by the vCPU that wakes the other one up. */
struct wake_paths {
	struct measure path[NR_WAKE_PATHS]; /* metric NULL: nothing is asked */
	bool pending;			    /* a sample's path is not known */
	uint64_t value, tsc;		    /* of that sample, in cycles */
};

/* What WAKE_PATHS() adds to .hists of a payload and to its METRICS(). */
#define WAKE_PATHS_HISTS 3
#define WAKE_PATHS(name)                                       \
	METRIC_ANY(name "_slept"), METRIC_ANY(name "_polled"), \
		METRIC_ANY(name "_main_awake")

/* Adds a metric for each path of whole's samples, which may have none. */
void wake_paths_add(struct wake_paths *w, const struct measure *whole);
void wake_paths_done(const struct wake_paths *w);

/* A sample of the whole; its path is told when the host is asked again. */
static inline void wake_paths_note(struct wake_paths *w, uint64_t value,
				   uint64_t tsc)
{
	w->pending = true;
	w->value = value;
	w->tsc = tsc;
}

static inline void wake_paths_settle(struct wake_paths *w, enum wake_path path)
{
	if (w->pending && path < NR_WAKE_PATHS && w->path[path].metric)
		measure_record(&w->path[path], w->value, w->tsc);
	w->pending = false;
}

#endif
