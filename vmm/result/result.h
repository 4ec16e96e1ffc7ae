/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * result.h - what a run gave: taken from the guest's memory after its end,
 * checked, and handed to the reports.
 */
#ifndef VMM_RESULT_RESULT_H
#define VMM_RESULT_RESULT_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "guest-firmware/abi/hist.h"
#include "guest-firmware/abi/result.h"
#include "vmm/base/clocks.h"
#include "vmm/host/host.h"
#include "vmm/machine/vcpu.h"
#include "vmm/machine/vm.h"
#include "vmm/result/raw.h"
#include "vmm/result/stop.h"
#include "vmm/setup/setup.h"
#include "vmm/statistics/analysis.h"
#include "vmm/statistics/dist.h"
#include "vmm/statistics/tail.h"

/* One for each metric and each vCPU, and those of the host. */
#define RESULT_MAX_WARNINGS (RESULT_MAX_METRICS + MAX_VCPUS + 16)
#define RESULT_MAX_CHECKS   1024
#define RESULT_MAX_MERGED   (RESULT_MAX_METRICS / 2)
#define RESULT_TEXT_LEN	    320

struct result_metric {
	char name[sizeof(((struct metric *)0)->name) + 1];
	char reason[sizeof(((struct metric *)0)->reason) + 1];
	enum metric_status status;
	uint32_t vcpu;
	uint64_t vcpu_set; /* merged: those whose samples it has; else 0 */
	uint32_t flags;
	uint64_t asked, missed, blocking;
	const struct hist *hist;     /* NULL: no samples */
	const struct hist *early;    /* NULL: not signed */
	const struct window *window; /* of its vCPU; NULL: not complete */
	uint32_t window_index;
	const struct result_metric *base; /* compared with it; NULL: none */
	const struct result_metric *unit; /* what is left out costs, or NULL */
	struct analysis analysis;	  /* of both histograms */
	bool has_tail;			  /* it was tried, that is */
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

static inline bool metric_has_samples(const struct result_metric *m)
{
	struct dist d = metric_dist(m);

	return m->hist && dist_count(&d) != 0;
}

/* The guest's count of something beside the host's. */
struct result_check {
	const char *what; /* literal */
	uint32_t vcpu;
	int metric; /* index; -1: the whole run */
	uint64_t guest, host;
	bool required; /* any difference is an ERROR */
};

/* The first sample above --break-at. */
struct result_break {
	const struct result_metric *metric; /* NULL: there was none */
	int64_t value;			    /* cycles */
	uint64_t tsc;			    /* when it ended */
};

/* What a device says of itself, device.h. */
struct result_device {
	char name[32];
	unsigned int nr;
	struct device_stat stats[DEVICE_MAX_STATS];
};

struct judgement; /* judge.h */

struct result {
	const struct run_setup *setup;
	const struct vm *vm;
	struct host host;
	enum verdict verdict;
	char reason[RESULT_TEXT_LEN];
	bool interrupted;
	bool stuck; /* a vCPU is lost: the program ends after the report */
	struct timespec started;  /* CLOCK_REALTIME */
	struct clocks begin, end; /* of the run, start-up included */
	uint64_t restarts; /* steps that never returned, or cannot be done */
	uint64_t timeouts; /* those of them that ran into their limit */
	uint64_t console_lost;
	struct raw *raw; /* NULL: no --raw */
	unsigned int nr_metrics;
	struct result_metric metrics[RESULT_MAX_METRICS];
	unsigned int nr_merged;
	struct result_metric merged[RESULT_MAX_MERGED]; /* see merge.h */
	struct hist *merged_hists[RESULT_MAX_MERGED];	/* theirs */
	unsigned int nr_devices; /* that have statistics */
	struct result_device devices[VM_MAX_DEVICES];
	unsigned int nr_checks;
	struct result_check *checks; /* RESULT_MAX_CHECKS */
	unsigned int nr_judged;
	struct judgement *judged; /* --fail-if; NULL: none */
	uint32_t judged_set; /* bit n: threshold n had something to judge */
	unsigned int nr_warnings;
	char warnings[RESULT_MAX_WARNINGS][RESULT_TEXT_LEN];
	bool has_trap;
	struct trap_report trap;
	struct result_break broke;
	const struct vcpu *crashed; /* whose crash is shown; NULL: none */
};

/* Takes the metrics, the verdict and the crash out of the guest's memory. */
void result_take(struct result *r, enum stop_reason why);

/* Works out the analysis of every metric, merged ones too. */
void result_analyse(struct result *r);

/*
 * A part of result_take(): the sample above --break-at, if there is one. whole:
 * the payload came to its end, so no such sample can be on its way.
 */
void result_take_break(struct result *r, bool whole);

/*
 * "a, b, c": the names of the metrics, each once, without the name but, as far
 * as there is room.
 */
void result_list_metrics(const struct result *r, const char *but, char *text,
			 size_t len);

/* Compares the guest's counts with the host's; may make it an ERROR. */
void result_check_counts(struct result *r);

/*
 * Compares with the histograms of the metrics that are done.  Lost samples are
 * a warning, others that are not there an ERROR.
 */
void result_check_raw(struct result *r);

/* The more severe verdict is kept; the text is printf-like. */
void result_verdict(struct result *r, enum verdict v, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

void result_warn(struct result *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Of the whole program: the verdict's, or STATUS_INTERRUPTED. */
int result_status(const struct result *r);

#endif
