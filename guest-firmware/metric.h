/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metric.h - measured values and their windows.
 *
 * The order: metric_add(), window_begin(), samples, window_end(),
 * metric_done().  The two window calls exit to userspace, where the vmm reads
 * KVM's counts; between them a vCPU makes no exit that it does not count.
 */
#ifndef FW_METRIC_H
#define FW_METRIC_H

#include <stdbool.h>

#include "guest-firmware/abi/hist.h"
#include "guest-firmware/abi/phases.h"
#include "guest-firmware/abi/raw.h"
#include "guest-firmware/abi/result.h"
#include "guest-firmware/abi/series.h"

/* The guest's side of struct metric, with addresses as pointers. */
struct measure {
	struct metric *metric;
	struct hist *hist;
	struct hist *early;    /* METRIC_SIGNED, else NULL */
	struct series *series; /* their order; NULL: forgotten */
	struct hist *missed;   /* METRIC_DEADLINES, else NULL */
	struct phases *phases; /* METRIC_PHASES, on a host with a tick */
	struct raw_ring *raw;  /* --raw, else NULL */
	uint32_t window;
};

/*
 * A new metric of this step.  vcpu: whose it is; flags: METRIC_*; asked: how
 * many samples are wanted, 0: as many as come.  Ends the run with ERROR when
 * the payload's note asked for too few histograms.
 */
struct measure metric_add(const char *name, uint32_t vcpu, uint32_t flags,
			  uint64_t asked);

/*
 * How many samples are likely to come at most, of a metric for which none were
 * asked: before the first.  A series whose blocks are too short for what comes
 * halves their number again and again, which takes tens of thousands of
 * instructions each time and, where these are emulated, tens of milliseconds.
 */
static inline void metric_expect(const struct measure *m, uint64_t samples)
{
	series_init(m->series, samples);
}

/* "aslept" of "a" and "slept", as long as a metric's name may be. */
void metric_name(char name[sizeof(((struct metric *)0)->name)],
		 const char *first, const char *second);

/* It will have no samples; the reason is shown. */
void metric_skip(const char *name, const char *reason);

static inline void metric_done(const struct measure *m)
{
	m->metric->status = METRIC_DONE;
}

/* Each vCPU that takes part calls both. */
void window_begin(const struct measure *m);
void window_end(const struct measure *m);

/*
 * Tells of a sample for which hist_record() said so: --break-at.  h: of a
 * metric.  Whether the run ends there is the vmm's matter.
 */
void fw_break(const struct hist *h);

/*
 * raw_append(), in one place for all of a payload, and a mark: the laboratory
 * (docs/lab.md) stops here, outside of every clock read.
 */
void fw_raw_append(struct raw_ring *r, int64_t value, uint64_t tsc);

/*
 * A sample of value cycles that ended at tsc.  Into the ring first: the sample
 * that ends the run is in it.  Always inline: where it is between two reads of
 * the clock, all that it does is to be seen there (tests/check-clock-reads).
 */
static inline __attribute__((always_inline)) void
measure_record(const struct measure *m, uint64_t value, uint64_t tsc)
{
	if (__builtin_expect(m->raw != NULL, 0))
		fw_raw_append(m->raw, (int64_t)value, tsc);
	if (__builtin_expect(m->series != NULL, 1))
		series_note(m->series, (int64_t)value);
	if (hist_record(m->hist, value, tsc))
		fw_break(m->hist);
}

/* A sample that may be negative: METRIC_SIGNED.  An early one never breaks. */
static inline void measure_record_signed(const struct measure *m, int64_t value,
					 uint64_t tsc)
{
	if (__builtin_expect(m->raw != NULL, 0))
		fw_raw_append(m->raw, value, tsc);
	if (__builtin_expect(m->series != NULL, 1))
		series_note(m->series, value);
	if (value < 0)
		hist_record(m->early, (uint64_t)-value, tsc);
	else if (hist_record(m->hist, (uint64_t)value, tsc))
		fw_break(m->hist);
}

/* Of METRIC_DEADLINES, those without a sample: hist_record_missed(). */
static inline void measure_missed(const struct measure *m, uint64_t late,
				  uint64_t period, uint64_t nr)
{
	m->metric->missed += nr;
	hist_record_missed(m->missed, late, period, nr);
}

/*
 * A part of the payload with its own limit.  The host ends a step that takes
 * longer than limit_ms and starts the payload again at the next one;
 * first_ms, when not 0, is the limit to the first sample, and a step that
 * misses it, or that KVM cannot emulate, is SKIP: this host cannot do it.
 * Both count from here, and anew from each metric_add(): what that takes is no
 * part of the step.  False: the step was done before a restart, leave it out.
 */
bool step_begin(uint64_t index, uint64_t limit_ms, uint64_t first_ms);
void step_end(void);

#endif
