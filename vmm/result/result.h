/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * result.h - what a run gave, as a document: everything is copied out of the
 * VM (take.h), so that it lives on when the VM is gone, and can be written and
 * read (write.h, read.h).  Reports know nothing else.
 *
 * Times are cycles of the TSC, or instructions where ticks says so.  Who makes
 * a result frees it with result_free(); what it points to is its own.
 */
#ifndef VMM_RESULT_RESULT_H
#define VMM_RESULT_RESULT_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "guest-firmware/abi/hist.h"
#include "guest-firmware/abi/layout.h"
#include "guest-firmware/abi/payload.h"
#include "guest-firmware/abi/result.h"
#include "vmm/base/ticks.h"
#include "vmm/base/verdict.h"
#include "vmm/device.h"
#include "vmm/host/dma_latency.h"
#include "vmm/host/host.h"
#include "vmm/host/irq_counts.h"
#include "vmm/host/placement.h"
#include "vmm/host/priority.h"
#include "vmm/host/sandbox.h"
#include "vmm/result/exits.h"
#include "vmm/result/explain.h"
#include "vmm/result/metric.h"
#include "vmm/result/placed.h"
#include "vmm/result/proof.h"
#include "vmm/result/stress.h"
#include "vmm/setup/threshold.h"

/* One for each metric and each vCPU, and those of the host. */
#define RESULT_MAX_WARNINGS (RESULT_MAX_METRICS + MAX_VCPUS + 16)
#define RESULT_MAX_CHECKS   1024
#define RESULT_MAX_MERGED   (RESULT_MAX_METRICS / 2)
#define RESULT_MAX_DEVICES  32
#define RESULT_MAX_REFUSED  4
#define RESULT_MAX_REGS	    24
#define RESULT_IRQ_SOURCES  5 /* that are named, of all there are */
#define RESULT_TEXT_LEN	    320
#define RESULT_MAX_FINDINGS 12
#define SYMPTOM_LEN	    128

/* What the host did on a vCPU's CPU around its first window. */
struct result_noise {
	bool known;
	uint32_t window; /* whose */
	int cpu;
	bool irqs_known, softirqs_known;
	uint64_t irqs, softirqs;
	unsigned int nr_sources;
	struct irq_source sources[RESULT_IRQ_SOURCES]; /* most of irqs */
	uint64_t smis;
	char no_smis[64]; /* why smis is not known; empty: it is */
};

struct result_vcpu {
	int host_cpu;
	char to_vcpu0[24];    /* how near: topology.h */
	bool policy_known;    /* not of files of versions without it */
	struct policy policy; /* that was asked for */
	bool offset_known;
	int64_t tsc_offset, advance_ns; /* of KVM's timer; -1: not known */
	bool has_wait;			/* this kernel tells wait_ns */
	bool orderly; /* it came to an end of its own: run is known */
	struct result_counts run;
	struct result_noise noise;
	struct result_proof proof;
	bool was_stopped, halted; /* by the run's limit; in a HLT */
	struct result_place stopped_at;
};

/* The guest's count of something beside the host's. */
struct result_check {
	char what[24];
	uint32_t vcpu;
	int metric; /* index; -1: the whole run */
	uint64_t guest, host;
	bool required; /* any difference is an ERROR */
};

/* A sample above --break-at. */
struct result_break {
	const struct result_metric *metric;
	int64_t value;
	uint64_t tsc; /* when it ended */
};

/* What a device says of itself, device.h. */
struct result_device {
	char name[32];
	unsigned int nr;
	struct device_stat stats[DEVICE_MAX_STATS];
};

/* A parameter of the payload, as it was. */
struct result_param {
	char name[sizeof(((struct param_desc *)0)->name)];
	char choice[sizeof(((struct param_desc *)0)->choices)]; /* PARAM_ENUM */
	uint32_t kind; /* enum param_kind */
	uint64_t lo, hi;
};

/* What was asked of the machine. */
struct result_machine {
	char irqchip[16], apic[16], irqfd[16]; /* see devices_irq_route() */
	char disabled_exits[64];
	int64_t halt_poll_ns; /* -1: the host's choice */
	int priority;
	char priority_why[PRIO_WHY_LEN]; /* ""; "below rcuc/3" */
	struct result_placed placed;
	uint64_t page_len, mem_len; /* bytes */
	uint64_t tsc_khz;
	bool realtime;	    /* SCHED_FIFO and memory lock were granted */
	bool sandbox_known; /* not of files of versions without one */
	struct sandbox sandbox;
	struct dma_latency dma_latency;
	unsigned int nr_refused;
	char refused[RESULT_MAX_REFUSED][REFUSED_LEN];
};

/* Where the guest died. */
struct result_crash {
	bool known;    /* else there was none */
	uint64_t vcpu; /* a trap's is the guest's word */
	bool is_trap;  /* the guest reported it */
	uint64_t vector, error;
	char vector_name[32];
	uint32_t exit_reason; /* of KVM_RUN, KVM_EXIT_* */
	char exit_name[40];
	char reason[256];
	bool has_regs;
	struct result_place at;
	unsigned int nr_regs;
	struct result_reg {
		char name[8];
		uint64_t value;
	} regs[RESULT_MAX_REGS];
};

/* --raw */
struct result_raw {
	bool asked;
	char path[4096]; /* where they are; empty: they could not be written */
	uint64_t records, lost;
};

/* Why it may be so: a check of doctor's that this host does not pass. */
struct result_finding {
	char symptom[SYMPTOM_LEN]; /* that the result shows */
	char check[32];		   /* its name */
	char value[128], good[128];
	char run[512], boot[512], other[512]; /* what mends it; "": nothing */
};

struct judgement; /* judge.h */

struct result {
	char version[48];  /* of the latvisor that measured */
	char commit[48];   /* that it was built from; empty: not known */
	char command[512]; /* as it was typed; cut where it is longer */
	char payload[sizeof(((struct payload_note *)0)->name)];
	bool counts_msrs; /* PAYLOAD_COUNTS_MSRS */
	unsigned int nr_params;
	struct result_param params[PAYLOAD_MAX_PARAMS];
	struct ticks ticks;
	struct host host;
	struct result_machine machine;
	uint64_t break_tsc; /* --break-at; 0: none */
	unsigned int nr_thresholds;
	struct threshold thresholds[THRESHOLD_MAX]; /* --fail-if */
	bool in_suite; /* a threshold may be meant for another run */

	unsigned int nr_rounds; /* that it is made of (rounds.h); 0: one run */
	enum verdict verdict;
	char reason[RESULT_TEXT_LEN];
	bool interrupted;
	bool stuck; /* a vCPU is lost: the program ends after the report */
	struct timespec started;	    /* CLOCK_REALTIME */
	uint64_t duration_ns, duration_tsc; /* of the run, start-up included */
	uint64_t start_tsc; /* of it, to the guest's first instruction; or 0 */
	uint64_t clock_read_tsc; /* 0: no metric was begun */
	uint64_t restarts; /* steps that never returned, or cannot be done */
	uint64_t timeouts; /* those of them that ran into their limit */
	uint64_t console_lost;
	struct result_raw raw;
	struct result_trace trace;
	struct result_exits exits;
	char no_msrs[160]; /* why KVM's MSR writes cannot be counted here */

	unsigned int nr_stats;
	char stats[STATS_MAX][STATS_NAME_LEN]; /* that this KVM counts */
	uint32_t nr_vcpus;
	struct result_vcpu *vcpus; /* nr_vcpus */
	unsigned int nr_metrics;
	struct result_metric metrics[RESULT_MAX_METRICS];
	struct result_window
		*windows; /* of metric m on vCPU v: m * nr_vcpus + v */
	unsigned int nr_merged;
	struct result_metric merged[RESULT_MAX_MERGED]; /* see merge.h */
	unsigned int nr_devices; /* that have statistics */
	struct result_device devices[RESULT_MAX_DEVICES];
	unsigned int nr_checks;
	struct result_check *checks; /* RESULT_MAX_CHECKS */
	unsigned int nr_judged;
	struct judgement *judged; /* NULL: none */
	uint32_t judged_set;	/* bit n: threshold n had something to judge */
	unsigned int nr_stress; /* --stress */
	struct result_stress *stress;
	unsigned int nr_warnings;
	unsigned int nr_warnings_lost; /* beside the one that tells of them */
	char warnings[RESULT_MAX_WARNINGS][RESULT_TEXT_LEN];
	unsigned int nr_findings;
	struct result_finding findings[RESULT_MAX_FINDINGS];
	struct result_crash crash;
	unsigned int nr_broke; /* in the order of their ends */
	struct result_break broke[HIST_NR_WORST];
};

/* Empty, with room for checks; the rest is made as it is known.  Dies. */
struct result *result_new(void);

/* The arrays of nr_vcpus and of windows.  Dies. */
void result_make_vcpus(struct result *r, uint32_t nr_vcpus);

/* With all that it points to; NULL does nothing. */
void result_free(struct result *r);

/* A window; NULL: it was not begun and ended. */
const struct result_window *result_window(const struct result *r,
					  unsigned int metric, uint32_t vcpu);

/* The position of one of KVM's counts, -1: this KVM has it not. */
int result_stat(const struct result *r, const char *name);

/*
 * The metric of that name that has samples; of several vCPUs' the merged one:
 * the worst of all is one of theirs.  NULL: none has.
 */
const struct result_metric *result_find_metric(const struct result *r,
					       const char *name);

/*
 * Adds the samples of from, which was checked; NULL: none.  *to NULL: it is
 * made, and the caller's to free.  False: it does not fit, hist_add().  Dies.
 */
bool result_gather(struct hist **to, const struct hist *from);

/* All that from has; where it does not fit to has no samples any more. */
bool result_gather_all(struct result_metric *to,
		       const struct result_metric *from);

/* Frees all that a metric owns: it has no samples then. */
void result_drop_samples(struct result_metric *m);

/* One more round's; *rounds is the caller's to free.  Dies. */
void result_add_round(struct analysis **rounds, unsigned int *nr,
		      const struct analysis *a);

/* Works out the analysis of every metric, merged ones too. */
void result_analyse(struct result *r);

/*
 * "a, b, c": the names of the metrics, each once, without the name but, as far
 * as there is room.
 */
void result_list_metrics(const struct result *r, const char *but, char *text,
			 size_t len);

/* The more severe verdict is kept; the text is printf-like. */
void result_verdict(struct result *r, enum verdict v, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* One more "warning:" of the report, in its order; printf-like. */
void result_warn(struct result *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Of the whole program: the verdict's, or STATUS_INTERRUPTED. */
int result_status(const struct result *r);

/* "done", "skip", "timeout", "open". */
const char *result_metric_status(enum metric_status status);

#endif
