/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * result.h - what the guest hands to the host through shared memory, at
 * LAYOUT_RESULT.  The guest writes, the host reads and believes nothing: every
 * index, address and string is checked there.  The host writes only when no
 * vCPU runs: what became of a step that it ended (vmm/run/step.c), and what a
 * restart begins with (vmm/machine/create.c); but for woken[], of a vCPU that
 * has just asked.
 */
#ifndef ABI_RESULT_H
#define ABI_RESULT_H

#include "guest-firmware/abi/boot.h"
#include "guest-firmware/abi/layout.h"
#include "guest-firmware/abi/verdict.h"

#define RESULT_MAX_METRICS 256
#define RESULT_MAX_WINDOWS 256 /* a window belongs to a metric */

/*
 * What the 32-bit write to PORT_CONTROL asks for: op | argument << 8.  That is
 * a window, or with CTL_BREAK a metric's index; the three about lazy RAM have
 * another one, or none, and can be done once in a run.
 */
#define CTL_DONE	 1 /* the verdict is there: end the run */
#define CTL_PARK	 2 /* this vCPU has no more work */
#define CTL_PANIC	 3 /* the trap report is there: end as CRASH */
#define CTL_WINDOW_BEGIN 4
#define CTL_WINDOW_END	 5
#define CTL_BREAK	 6 /* a sample of the metric is above break_at */
#define CTL_POPULATE	 7 /* lazy RAM behind its middle gets its pages */
#define CTL_LOG_DIRTY	 8 /* KVM logs writes to lazy RAM from now on */
#define CTL_COUNT_DIRTY	 9 /* argument: how many 4K pages it should have */
/*
 * Returns when a vCPU rests, or soon in any case; CTL_REST_ARG().  Answers in
 * woken[] how that vCPU was woken since this was asked about it before.
 */
#define CTL_AWAIT_REST		 10
#define CTL_REST_ARG(vcpu, rest) ((vcpu) | (uint32_t)(rest) << 8)
#define CTL_REST_VCPU(arg)	 ((arg)&0xffu)
#define CTL_REST(arg)		 ((arg) >> 8) /* enum vcpu_rest */
#define CTL_OP(v)		 ((v)&0xffu)
#define CTL_ARG(v)		 ((v) >> 8)

/* What a vCPU that rested did until something came for it, by KVM's counts. */
enum wake_path {
	WAKE_UNKNOWN, /* this KVM does not tell */
	WAKE_SLEPT,
	WAKE_POLLED, /* KVM looked for it in a loop, and found it */
	WAKE_MAIN,   /* either, and the program's main thread was awake on
			one of the vCPUs' CPUs */
	NR_WAKE_PATHS,
};

enum metric_status {
	METRIC_OPEN, /* not finished: interrupted or timed out */
	METRIC_DONE,
	METRIC_SKIP,
	METRIC_TIMEOUT, /* the host writes this one */
	NR_METRIC_STATUS,
};

#define METRIC_SIGNED (1u << 0) /* early_gpa counts what came too soon */
#define METRIC_PER_OP (1u << 1) /* one operation of the vCPU a sample */
/*
 * KVM's MSR writes are counted in its window, which disturbs them: only counts
 * are shown.  The payload is one with PAYLOAD_COUNTS_MSRS.
 */
#define METRIC_COUNTED (1u << 2)
/* Shares a window with others; is shown only beside those it is compared with.
 */
#define METRIC_PART	 (1u << 3)
#define METRIC_DISTURBED (1u << 4) /* its vCPUs lose their CPU on purpose */
#define METRIC_NO_WINDOW (1u << 5) /* of its own: nothing of it is checked */
#define METRIC_GAPS	 (1u << 6) /* samples are time that the vCPU lost */
#define METRIC_DEADLINES (1u << 7) /* a period is a deadline: missed_gpa */
/* Its samples are due at times of a schedule: phases_gpa. */
#define METRIC_PHASES (1u << 8)
/*
 * What --explain cuts into stages: a sample begins with the sending of an IPI
 * by another vCPU, when a timer is due, or when the main thread sends a pulse,
 * and ends in the handler on the metric's vCPU; or it is an IPI's way to
 * another vCPU and back.  None of them: what the vCPU does by itself.
 */
#define METRIC_IPI     (1u << 9)
#define METRIC_TIMER   (1u << 10)
#define METRIC_PULSE   (1u << 11)
#define METRIC_RTT     (1u << 12)
#define METRIC_NO_SPAN (1u << 13) /* it is nothing of a vCPU's */
/* A sample is the time of n operations, one after the other; n: below 2^16. */
#define METRIC_OPS(n)	     ((uint32_t)(n) << 16)
#define METRIC_NR_OPS(flags) ((flags) >> 16 ? (flags) >> 16 : 1u)

/* One line of the result.  Written by the vCPU that measures it. */
struct metric {
	char name[32];	   /* NUL-terminated, [a-z0-9_] */
	char reason[64];   /* why it was skipped; NUL-terminated */
	uint32_t status;   /* enum metric_status */
	uint32_t flags;	   /* METRIC_* */
	uint32_t vcpu;	   /* whose window counts for it */
	uint32_t step;	   /* the step it belongs to */
	gpa_t hist_gpa;	   /* struct hist; 0: skipped */
	gpa_t early_gpa;   /* struct hist of -value; 0: none */
	gpa_t series_gpa;  /* struct series of all of them; 0: none */
	gpa_t missed_gpa;  /* METRIC_DEADLINES: struct hist of how late those
			      were that had no sample; else 0 */
	gpa_t phases_gpa;  /* METRIC_PHASES: struct phases; 0: none */
	uint64_t missed;   /* periods without a sample of their own */
	uint64_t blind;	   /* cycles in which an event was due and its sender
			      had no CPU to make it; 0 also: not known */
	uint64_t asked;	   /* samples that were wanted; 0: by time */
	uint64_t blocking; /* halts that must have slept, 0: not said */
	uint32_t base; /* index + 1 of what it is compared with; 0: nothing */
	uint32_t unit; /* index + 1 of what it leaves out costs; 0: unknown */
	/*
	 * Index + 1 of a SIGNED metric, the base's sample of each round less
	 * its own; 0: it has no base.
	 */
	uint32_t gain;
	/* Index + 1 of the one of whose samples it has some; 0: its own. */
	uint32_t whole;
};

/*
 * What a vCPU did, by its own count since boot.  Cumulative; published before
 * each CTL_ write, when the vCPU is stopped.
 */
struct vcpu_counts {
	uint64_t halts; /* HLT instructions */
	uint64_t irqs;	/* interrupt handlers entered */
	uint64_t ipis;	/* ICR and self-IPI writes */
	uint64_t pio;	/* port accesses that exit to userspace */
	uint64_t mmio;	/* memory accesses that exit to userspace */
	uint64_t msr;	/* MSR accesses that exit to userspace */
	/* Kept only by payloads with PAYLOAD_COUNTS_MSRS: */
	uint64_t timers; /* writes of the deadline or the initial count */
	uint64_t eois;	 /* writes of the EOI register */
};

/* An unexpected trap, written just before CTL_PANIC. */
struct trap_report {
	uint64_t valid;
	uint64_t vcpu;
	uint64_t vector, error, rip, cs, rflags, rsp, ss, cr2;
	uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
};

/* A part of the run with its own time limit.  Written by vCPU 0. */
struct step {
	uint64_t index;	    /* 0 upwards */
	uint64_t start_tsc; /* 0: no step is running */
	uint64_t limit_tsc; /* cycles from start_tsc */
	uint64_t first_tsc; /* the same for the first sample, without which
			       the step becomes SKIP; 0: none */
	uint64_t reserved[4];
};

struct result_area {
	uint32_t abi_version; /* ABI_VERSION of the payload */
	uint32_t verdict;     /* enum verdict */
	uint32_t nr_metrics;
	uint32_t reserved;
	uint64_t heap_used;	 /* bytes; kept over a resume */
	uint64_t boot_tsc;	 /* guest TSC early in vCPU 0's boot */
	uint64_t clock_read_tsc; /* least of some back-to-back clock reads */
	uint64_t pad[3];
	char reason[192]; /* of the verdict; NUL-terminated */
	struct step step;
	struct trap_report trap;
	struct vcpu_counts counts[MAX_VCPUS] __attribute__((aligned(64)));
	/* enum wake_path, by the vCPU that asked: CTL_AWAIT_REST. */
	uint8_t woken[MAX_VCPUS] __attribute__((aligned(64)));
	struct metric metrics[RESULT_MAX_METRICS];
};

_Static_assert(sizeof(struct metric) == 200, "metric layout");
_Static_assert(sizeof(struct vcpu_counts) == 64, "one cache line");
_Static_assert(sizeof(struct result_area) <= LAYOUT_RESULT_LEN, "it fits");

#endif
